import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { describe, expect, it, onTestFinished } from 'vitest';
import { temporaryFolder } from '../../../testkit/folder.ts';
import { openDatabase } from './database.ts';
import { inspectDatabase } from './inspect-database.ts';
import { migrations } from './migrations.ts';

function open() {
  const file = join(temporaryFolder(), 'vestnik.db');
  const db = openDatabase(file);
  onTestFinished(() => {
    if (db.isOpen) db.close();
  });
  return { db, file };
}

describe('the database', () => {
  it('of a newer version is refused before anything is written, with what to install or restore', () => {
    const { db, file } = open();
    db.exec('PRAGMA user_version = 999');
    db.close();
    const advice = new RegExp(
      `newer version of Vestnik \\(schema 999, this version knows ${migrations.length}\\): ` +
        'install that version again, or .* restore a backup made before the upgrade',
    );
    expect(() => openDatabase(file)).toThrow(advice);
    expect(() => inspectDatabase(file, 'sandbox')).toThrow(advice);
    const kept = new DatabaseSync(file, { readOnly: true });
    expect(kept.prepare('PRAGMA user_version').get()).toEqual({ user_version: 999 });
    kept.close();
  });

  it('in a folder that cannot be made is refused, naming the setting', () => {
    const { file } = open();
    expect(() => openDatabase(join(file, 'below-a-file', 'vestnik.db'))).toThrow(
      /cannot use the database.*DATA_DIR/,
    );
  });

  it('that is damaged or something else is refused in one line', () => {
    const { db, file } = open();
    db.close();
    writeFileSync(file, 'this is no database, '.repeat(500));
    expect(() => openDatabase(file)).toThrow(/cannot use the database .*not a database; move DATA_DIR aside/);
  });
});
