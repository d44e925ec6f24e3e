/** Writes the table of errors into the README, from the one place that knows them: node ops/error-table.ts */
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { format, resolveConfig } from 'prettier';
import { errorClasses } from '../apps/kit/errors.ts';

export const readmeFile = join(import.meta.dirname, '../README.md');
const marks = { begin: '<!-- errors: made by ops/error-table.ts -->', end: '<!-- /errors -->' };

/** The README with the table as it should be. @throws Error when its marks are gone */
export async function withErrorTable(readme: string): Promise<string> {
  const [before, rest] = readme.split(marks.begin);
  const after = rest?.split(marks.end)[1];
  if (before === undefined || after === undefined) throw new Error(`README.md has not ${marks.begin}`);
  const rows = Object.entries(errorClasses).map(
    ([name, { status, retryable, means }]) =>
      `| \`${name}\` | ${status} | ${retryable ? 'yes' : 'no'} | ${means} |`,
  );
  const table = ['| class | status | retry | what happened |', '| --- | --- | --- | --- |', ...rows].join(
    '\n',
  );
  const whole = `${before}${marks.begin}\n\n${table}\n\n${marks.end}${after}`;
  return format(whole, { ...(await resolveConfig(readmeFile)), parser: 'markdown' });
}

if (import.meta.main) writeFileSync(readmeFile, await withErrorTable(readFileSync(readmeFile, 'utf8')));
