import { execFile } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { beforeAll, describe, expect, it } from 'vitest';
import { demoChat, startStack } from '../../apps/testkit/stack.ts';
import { shared } from '../../apps/testkit/when-done.ts';

const run = promisify(execFile);
const python = ['/usr/bin/python3', '/usr/local/bin/python3'].find((path) => existsSync(path));

let stack: Awaited<ReturnType<typeof startStack>>;
beforeAll(shared(async (whenDone) => void (stack = await startStack('text', {}, whenDone))));

async function send(command: string, script: string, chat: number | string, text: string, key: string) {
  const args = [join(import.meta.dirname, script), stack.gateway.url, String(chat), text, key];
  return run(command, args, { timeout: 60_000 }).catch((error: { stderr: string }) => error);
}

describe.each([
  ['Node', process.execPath, 'send.js'],
  [python ? 'Python' : 'Python (skipped: there is no python3)', python, 'send.py'],
])('the recipe for %s', (_, command, script) => {
  it.skipIf(!command)('sends, and sends once when it is repeated', async () => {
    for (let repeat = 0; repeat < 2; repeat++) {
      const { stdout } = (await send(command!, script, demoChat, script, script)) as { stdout: string };
      expect(stdout).toContain('sent');
    }
    const { delivered } = await stack.sandbox.report();
    expect(delivered.filter(({ text }) => text === script)).toHaveLength(1);
  });

  it.skipIf(!command)('does not repeat what is final, and says why', async () => {
    const { stderr } = await send(command!, script, -1_009_999_999_999, 'a', `${script}-2`);
    expect(stderr).toContain('cannot_resolve');
  });
});

describe('the workflow for n8n', () => {
  it('is JSON whose connections name its own nodes', () => {
    const { nodes, connections } = JSON.parse(
      readFileSync(join(import.meta.dirname, 'n8n-workflow.json'), 'utf8'),
    ) as { nodes: { name: string }[]; connections: Record<string, { main: { node: string }[][] }> };
    const names = nodes.map(({ name }) => name);
    for (const [from, { main }] of Object.entries(connections)) {
      expect(names).toContain(from);
      for (const { node } of main.flat()) expect(names).toContain(node);
    }
  });
});
