/** Docker's client against a server on a Unix socket that answers as the engine does. */
import { chmod } from 'node:fs/promises';
import { createServer, type Server, type ServerResponse } from 'node:http';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { temporaryFolder } from '../../testkit/folder.ts';
import { createDockerSupervisor, toSupervised, type Inspection } from './docker.ts';

const service = {
  name: 'send-text',
  label: 'text',
  url: 'http://send-text:5022',
  handles: { container: 'vestnik-send-text-1' },
  account: null,
};
const running: Inspection = {
  RestartCount: 3,
  State: {
    Status: 'running',
    ExitCode: 0,
    OOMKilled: false,
    Error: '',
    StartedAt: '2026-11-23T10:00:00.5Z',
    FinishedAt: '0001-01-01T00:00:00Z',
  },
};
const ended = (state: Partial<Inspection['State']>) =>
  toSupervised({ ...running, State: { ...running.State, Status: 'exited', ...state } });

let dir: string;
let server: Server;
let asked: string[];
beforeEach(async () => {
  dir = temporaryFolder();
  asked = [];
  server = createServer((request, response) => {
    asked.push(`${request.method} ${request.url}`);
    if (!request.url!.includes(service.handles.container))
      response.writeHead(404).end('{"message":"No such container"}');
    else if (request.url!.endsWith('/json')) response.end(JSON.stringify(running));
    else response.writeHead(request.url!.includes('/start') ? 304 : 204).end();
  });
  await new Promise<void>((resolve) => server.listen(join(dir, 'docker.sock'), resolve));
});
afterEach(async () => {
  await new Promise((resolve) => server.close(resolve) && server.closeAllConnections());
});

describe('Docker', () => {
  it('tells the state, the restarts and the start of a container', async () => {
    const docker = await createDockerSupervisor(`unix://${dir}/docker.sock`);
    expect(await docker.inspect(service)).toEqual({
      state: 'running',
      since: Date.parse('2026-11-23T10:00:00.500Z'),
      startedAt: Date.parse('2026-11-23T10:00:00.500Z'),
      restarts: 3,
      detail: null,
    });
  });

  it('starts, stops and restarts; one that is started already is no error', async () => {
    const docker = await createDockerSupervisor(`unix://${dir}/docker.sock`);
    await docker.act(service, 'start');
    await docker.act(service, 'stop');
    await docker.act(service, 'restart');
    expect(asked).toEqual([
      'POST /containers/vestnik-send-text-1/start',
      'POST /containers/vestnik-send-text-1/stop?t=10',
      'POST /containers/vestnik-send-text-1/restart?t=10',
    ]);
  });

  it('says which container is not there, and that the engine does not answer', async () => {
    const docker = await createDockerSupervisor(`unix://${dir}/docker.sock`);
    const unknown = { ...service, handles: { container: 'other' } };
    await expect(docker.inspect(unknown)).rejects.toThrow('Docker has no container named other');
    const gone = await createDockerSupervisor(`unix://${dir}/none.sock`);
    await expect(gone.inspect(service)).rejects.toThrow(`there is no socket ${dir}/none.sock`);
  });

  it('says that its socket may not be used by this user', async () => {
    const path = join(dir, 'docker.sock');
    const docker = await createDockerSupervisor(`unix://${path}`);
    await chmod(path, 0);
    const isRoot = process.geteuid?.() === 0;
    if (isRoot) process.seteuid!(65_534); // No mode of a file keeps root out.
    try {
      await expect(docker.inspect(service)).rejects.toThrow(
        `Docker does not answer: the socket ${path} may not be used by the monitor's user`,
      );
    } finally {
      if (isRoot) process.seteuid!(0);
    }
  });

  it('tells by whom it is kept from the engine, and not with what page', async () => {
    const docker = await createDockerSupervisor(`unix://${dir}/docker.sock`);
    for (const [status, words] of [
      [403, 'Docker may not be asked that of vestnik-send-text-1: the proxy before it has it on no list'],
      [503, 'Docker does not answer: the proxy before it does not reach it (503)'],
    ] as const) {
      server.removeAllListeners('request').on('request', (_, response: ServerResponse) => {
        response.writeHead(status).end('<html></html>');
      });
      await expect(docker.inspect(service)).rejects.toThrow(words);
    }
  });

  it('waits for an engine that is slow to answer no longer than a look may take', async () => {
    const docker = await createDockerSupervisor(`unix://${dir}/docker.sock`);
    server.removeAllListeners('request').on('request', () => {});
    await expect(docker.inspect(service)).rejects.toThrow('Docker does not answer: nothing in 2000 ms');
  });

  it('takes for a failure what ended by itself, and for a stop what was told to end', () => {
    expect(ended({ ExitCode: 0 }).state).toBe('stopped');
    expect(ended({ ExitCode: 143 }).state).toBe('stopped');
    expect(ended({ ExitCode: 137 }).state).toBe('stopped');
    expect(ended({ ExitCode: 137, OOMKilled: true })).toMatchObject({
      state: 'failed',
      detail: { code: 'out_of_memory' },
    });
    expect(ended({ ExitCode: 1 })).toMatchObject({
      state: 'failed',
      startedAt: null,
      detail: { code: 'exit_code', values: { status: '1' } },
    });
    expect(ended({ Status: 'restarting' }).state).toBe('restarting');
    expect(ended({ Status: 'created' }).state).toBe('stopped');
  });
});
