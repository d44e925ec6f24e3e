import { join } from 'node:path';
import { expect, it } from 'vitest';
import { startProgram } from '../testkit/process.ts';
import { until } from '../testkit/until.ts';

const launcher = `
  import { endWithNpm } from ${JSON.stringify(join(import.meta.dirname, 'end-with-npm.ts'))};
  endWithNpm(process.env);
  process.on('SIGTERM', () => { console.log('stopped'); process.exit(0); });
  setInterval(() => {}, 1000);
  console.log('pid', process.pid);`;

it.runIf(process.platform !== 'win32')('what npm started stops when its parent is killed', async () => {
  const env = { npm_lifecycle_event: 'start', NODE: process.execPath, SCRIPT: launcher };
  const args = ['-c', '"$NODE" --input-type=module -e "$SCRIPT"; true'];
  const npm = startProgram('sh', { env, args });
  const pid = Number((await npm.says(/pid (\d+)/))[1]);
  npm.child.kill('SIGKILL');
  await npm.says(/stopped/);
  await until('its process is gone', () => {
    try {
      return !process.kill(pid, 0);
    } catch {
      return true;
    }
  });
  expect(npm.output).toContain('stopped');
});
