/** A gateway is told to stop while files come in: what was accepted is sent once, and of the rest nothing is left. */
import { readdirSync } from 'node:fs';
import { connect } from 'node:net';
import { join } from 'node:path';
import { expect, it, onTestFinished } from 'vitest';
import { temporaryFolder } from '../testkit/folder.ts';
import { startSandbox } from '../testkit/sandbox.ts';
import { client, demoChat, fileForm, gatewayEnvironment, startGatewayProcess } from '../testkit/stack.ts';
import { until } from '../testkit/until.ts';

it.each(['SIGTERM', 'SIGKILL'] as const)(
  '%s in the midst of uploads',
  { timeout: 120_000 },
  async (signal) => {
    const sandbox = await startSandbox();
    const dataDir = temporaryFolder();
    const env = gatewayEnvironment(sandbox, dataDir);
    const spool = () => readdirSync(join(dataDir, 'spool/main/media'));
    const first = startGatewayProcess('send-media', env);
    const port = await first.port();
    const gateway = client(port);
    await gateway.untilWarm();
    await gateway.post('/pause');
    const accepted = fileForm(Buffer.from('whole'), 'whole.bin', { chat_id: demoChat, wait: 0 });
    const { status, body } = await gateway.post('/send', accepted);
    expect(status).toBe(202);

    const part = '--b\r\nContent-Disposition: form-data; name="file"; filename="cut.bin"\r\n\r\n';
    const head =
      'Host: 127.0.0.1\r\nContent-Type: multipart/form-data; boundary=b\r\nContent-Length: 10000000';
    for (let upload = 0; upload < 5; upload++) {
      const socket = connect(port, '127.0.0.1').on('error', () => {});
      onTestFinished(() => void socket.destroy());
      socket.write(`POST /send HTTP/1.1\r\n${head}\r\n\r\n${part}${'x'.repeat(100_000)}`);
    }
    await until('all five are being written', () => spool().length === 6);
    expect(await first.stop(signal)).toBe(signal === 'SIGTERM' ? 0 : signal);

    const next = client(await startGatewayProcess('send-media', env).port());
    await next.post('/resume');
    await next.untilStatus(body.id, 'sent');
    await until('the spool is empty', () => spool().length === 0);
    expect((await sandbox.report()).delivered.map(({ media }) => media!.name)).toEqual(['whole.bin']);
  },
);
