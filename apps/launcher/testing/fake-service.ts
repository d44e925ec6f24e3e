/** A process that stands in for a service in tests: it answers on its port, and misbehaves where the environment says. */
import { createServer } from 'node:http';
import { createServer as createTcpServer } from 'node:net';

const portSettings: Record<string, string> = {
  sandbox: 'SANDBOX_HTTP_PORT',
  'send-text': 'SEND_TEXT_PORT',
  'send-media': 'SEND_MEDIA_PORT',
  monitor: 'MONITOR_PORT',
};

/**
 * `GET /env` answers its environment, `GET /compilers` the compilers it has loaded, `POST /die` ends it with exit code 3, anything else is 200.
 * FAKE_REFUSES=name: that service says on stderr that a setting is wrong, and exits 1.
 * FAKE_STUBBORN=name: that service ignores SIGTERM.
 */
export function runFakeService(name: string): void {
  const { env } = process;
  if (env.LOG_LEVEL === 'none') process.exit(1); // As every service refuses it.
  if (env.FAKE_REFUSES === name) {
    process.stderr.write(`${name}: a setting is wrong: COLOUR takes a colour\n`);
    process.exit(1);
  }
  process.on('SIGINT', () => process.exit(0));
  process.on('SIGTERM', () => env.FAKE_STUBBORN !== name && process.exit(0));
  if (name === 'monitor') process.send?.({ type: 'password', user: 'admin', password: 'made-for-you' });
  if (name === 'sandbox') createTcpServer().listen(Number(env.SANDBOX_PORT), '127.0.0.1');
  const server = createServer((request, response) => {
    if (request.url === '/die') process.exit(3);
    if (request.url === '/compilers') response.end(JSON.stringify(compilers()));
    else response.end(request.url === '/env' ? JSON.stringify(env) : 'ok');
  });
  server.listen(Number(env[portSettings[name]!]), '127.0.0.1', () => {
    process.stdout.write(`${JSON.stringify({ level: 'info', service: name, msg: 'listening' })}\n`);
    process.stdout.write(`${JSON.stringify({ level: 'warn', service: name, msg: 'a warning', chat: 7 })}\n`);
  });
}

/** Node's own, by its internal name. */
function compilers(): string[] {
  const { moduleLoadList } = process as unknown as { moduleLoadList: string[] };
  return moduleLoadList.filter((name) => name.includes('amaro'));
}
