/** Gateways that reach the sandbox through Debian's microsocks, a SOCKS5 server that is not ours. */
import { randomBytes } from 'node:crypto';
import { connect } from 'node:net';
import { expect, it } from 'vitest';
import { run } from '../../apps/account/testing/command.ts';
import { temporaryFolder } from '../../apps/testkit/folder.ts';
import { startProgram } from '../../apps/testkit/process.ts';
import { startSandbox } from '../../apps/testkit/sandbox.ts';
import {
  demoChat,
  fileForm,
  gatewayEnvironment,
  startTestGateway,
  type TestGateway,
} from '../../apps/testkit/stack.ts';
import { until } from '../../apps/testkit/until.ts';
import { hasCommand } from './command.ts';
import { describeEngine } from './describe-engine.ts';
import { freePorts } from './ports.ts';

const whyNot = (await hasCommand('microsocks')) ? undefined : "needs Debian's microsocks";

describeEngine('microsocks', whyNot, () => {
  it.each([
    ['that asks for no password', [], ''],
    ['that asks for a password', ['-u', 'me@home', '-P', 'a:b/c'], 'me%40home:a%3Ab%2Fc@'],
  ] as const)('%s passes texts and files, and nothing goes another way', async (_, args, user) => {
    const sandbox = await startSandbox();
    const proxy = await startProxy(args);
    const settings = { TELEGRAM_PROXY: `socks5://${user}127.0.0.1:${proxy.port}` };
    const text = await startTestGateway('text', sandbox, temporaryFolder(), settings);
    const media = await startTestGateway('media', sandbox, temporaryFolder(), settings);
    const sent = await text.post('/send_text', { chat_id: demoChat, text: 'hello' });
    expect(sent.body).toMatchObject({ status: 'sent' });
    const upload = fileForm(randomBytes(2_000_000), 'a.bin', { chat_id: demoChat, kind: 'document' });
    expect((await media.post('/send_media', upload)).body).toMatchObject({ status: 'sent' });
    const { connections } = await sandbox.report();
    const made = connections.reduce((sum, { count }) => sum + count, 0);
    expect(made).toBeGreaterThanOrEqual(3);
    expect(proxy.process.stderr.match(/connected to 127\.0\.0\.1:/g)).toHaveLength(made);
  });

  it.each(['', 'me:wrong@'])('that refuses %j is named, and nothing of its password', async (user) => {
    const sandbox = await startSandbox();
    const { port } = await startProxy(['-u', 'me', '-P', 'right']);
    const settings = { TELEGRAM_PROXY: `socks5://${user}127.0.0.1:${port}` };
    const gateway = await startTestGateway('text', sandbox, temporaryFolder(), settings);
    await untilState(gateway, {
      state: 'proxy_failed',
      text: expect.stringContaining(`the proxy 127.0.0.1:${port} refused the user and password`) as string,
      values: { cause: 'user' },
    });
    expect(JSON.stringify((await gateway.get('/health')).body)).not.toContain('wrong');
  });

  it('that does not reach Telegram is told apart from one that is not there, and works when it is back', async () => {
    const sandbox = await startSandbox();
    const proxy = await startProxy([]);
    const settings = { TELEGRAM_PROXY: `socks5://127.0.0.1:${proxy.port}` };
    const gateway = await startTestGateway('text', sandbox, temporaryFolder(), settings);
    await gateway.untilWarm();
    await sandbox.close();
    await untilState(gateway, {
      state: 'proxy_failed',
      values: { cause: 'onward', error: 'ConnectionRefused' },
    });
    await proxy.process.stop('SIGTERM');
    await untilState(gateway, { state: 'proxy_failed', values: { cause: 'unreachable' } });
    await sandbox.restart();
    await startProxy([], proxy.port);
    await untilState(gateway, { state: 'ready' });
  });

  it('passes what npm run whoami asks, which says where it is without it', async () => {
    const sandbox = await startSandbox();
    const proxy = await startProxy([]);
    const env = {
      ...gatewayEnvironment(sandbox, temporaryFolder()),
      TELEGRAM_PROXY: `socks5://127.0.0.1:${proxy.port}`,
    };
    const login = run(['login', '--qr'], env);
    await login.says(/Scan with Telegram/);
    await sandbox.post('/login-tokens/accept', {});
    expect(await login.ended).toBe(0);
    const who = run(['whoami'], env);
    expect(await who.ended).toBe(0);
    expect(proxy.process.stderr).toContain(`connected to 127.0.0.1:${sandbox.port}`);
    await proxy.process.stop('SIGTERM');
    const lost = run(['whoami'], env);
    expect(await lost.ended).toBe(1);
    expect(lost.output).toContain(`the proxy 127.0.0.1:${proxy.port} cannot be reached`);
  });
});

/** A proxy that takes connections. */
async function startProxy(args: readonly string[], port?: number) {
  const [at] = port === undefined ? await freePorts(1) : [port];
  const proxy = startProgram('microsocks', { args: ['-i', '127.0.0.1', '-p', String(at), ...args] });
  await until('the proxy listens', () => isListening(at!));
  return { port: at!, process: proxy };
}

function isListening(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect(port, '127.0.0.1');
    socket.once('connect', () => resolve(true)).once('error', () => resolve(false));
    socket.once('connect', () => socket.destroy());
  });
}

/** Waits until /health says so of the account. */
function untilState(gateway: TestGateway, account_state: object) {
  return expect
    .poll(async () => (await gateway.get('/health')).body, { timeout: 60_000 })
    .toMatchObject({ account_state });
}
