/** Whether each gateway could use the database of its DATA_DIR; one that runs is asked. */
import { existsSync, statSync } from 'node:fs';
import { databaseFile } from '../../gateway/storage/data-dir.ts';
import { inspectDatabase } from '../../gateway/storage/sqlite/inspect-database.ts';
import { StartError } from '../../kit/run.ts';
import { fail, ok, type Finding } from '../finding.ts';
import type { Gateway, Setup } from '../setup.ts';

/** Reading a larger one through takes longer than anybody waits here. */
const mostBytes = 2_000_000_000;

export function checkDatabase({ gateways }: Setup): readonly Finding[] {
  const byFolder = Map.groupBy(gateways, ({ config }) => config.DATA_DIR);
  return [...byFolder.values()].map((sharing) =>
    databaseOf(sharing.find(({ running }) => running) ?? sharing[0]!),
  );
}

function databaseOf({ name, config, endpoint, running, lockTrouble }: Gateway): Finding {
  const check = 'database';
  const file = databaseFile(config.DATA_DIR);
  if (running) {
    const { ok: isWell = false, detail = 'nothing about it' } = running.checks.storage ?? {};
    return (isWell ? ok : fail)(check, `${name} runs and reports: ${detail}`);
  }
  if (lockTrouble !== undefined) return fail(check, `not opened: ${lockTrouble}`);
  if (!existsSync(file)) return ok(check, `${file} will be created at the first start`);
  if (statSync(file).size > mostBytes)
    return ok(check, `${file} is too large to check here: a backup reads all of it`);
  try {
    const waiting = inspectDatabase(file, endpoint?.realm);
    return ok(check, `${file} is sound; ${waiting} messages wait in it`);
  } catch (error) {
    const { message } = error as Error;
    return fail(check, error instanceof StartError ? `${file}: ${message}` : unreadable(file, message));
  }
}

function unreadable(file: string, why: string): string {
  return `${file} cannot be read (${why}): check its permissions, or npm run restore -- BACKUP`;
}
