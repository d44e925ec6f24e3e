import { expect, it } from 'vitest';
import { sortTests } from './quick.ts';

it('takes for quick what starts nothing, and never what starts a sandbox, a process or a browser', () => {
  const { quick, slow } = sortTests();
  expect(quick).toContain('apps/kit/guard.test.ts');
  expect(quick).toContain('apps/monitor/app.test.ts');
  expect(slow).toContain('apps/gateway/text.test.ts');
  expect(slow).toContain('apps/launcher/launcher.test.ts');
  expect(slow).toContain('apps/monitor/dashboard.test.ts');
  expect(quick.length).toBeGreaterThan(slow.length);
});
