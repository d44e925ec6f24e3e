/** Gateways that systemd starts on a full disk: they say what they lack, and go on by themselves once there is room. */
import { expect, it } from 'vitest';
import { until } from '../../apps/testkit/until.ts';
import { whyNoDebian } from './booted-debian.ts';
import { describeEngine } from './describe-engine.ts';
import { InstalledStack } from './installed-stack.ts';
import { sendText } from './stack-client.ts';

const unit = 'vestnik-send-text';
const folder = '/var/lib/vestnik';

interface Health {
  readonly status: string;
  readonly reasons: readonly string[];
}

describeEngine('a full disk under systemd', await whyNoDebian(), () => {
  it('is told of by a gateway that starts on it, and goes on where there is room again', async () => {
    await using stack = await InstalledStack.create();
    await stack.install();
    await stack.configure();
    await stack.debian.run('mount', '--mkdir', '-t', 'tmpfs', '-o', 'size=60m', 'tmpfs', folder);
    await stack.debian.run('sh', '-c', `cat /dev/zero > ${folder}/of-another 2>/dev/null || true`);
    await stack.debian.run('systemctl', 'start', unit);
    const url = stack.url('SEND_TEXT_PORT');
    const health = async () => (await (await fetch(`${url}/health`)).json()) as Health;

    const { reasons } = await until('the gateway says what it lacks', async () => {
      const told = await health();
      return told.status === 'down' && told;
    });
    expect(reasons).toContainEqual(expect.stringMatching(/no room|full/));
    await expect(sendText(url, 'me', 'too early')).rejects.toThrow(/: 503 .*"class":"storage_full"/);

    await stack.debian.run('rm', `${folder}/of-another`);
    await until('the gateway is well', async () => (await health()).status === 'ok', 60_000);
    expect(await sendText(url, 'me', 'in time')).toMatchObject({ status: 'sent' });
    expect(await stack.debian.property(unit, 'NRestarts')).toBe('0');
  }, 240_000);
});
