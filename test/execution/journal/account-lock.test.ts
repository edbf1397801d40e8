import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { expect, test } from '@jest/globals';
import { lockAccount } from '../../../src/execution/journal/account-lock.ts';
import { tempFolder } from '../../support/temp-folder.ts';

const root = tempFolder();

/** Takes the lock in another process, as `lockAccount` does, and says so. */
const HOLDER = `
const Database = require('libsql');
new Database(process.argv[1]).exec('BEGIN EXCLUSIVE');
process.stdout.write('held');
setInterval(() => {}, 1000);
`;

test('a second writer is refused, and the lock is free again once it is released', () => {
  const path = join(root, 'one', 'account.lock');
  const first = lockAccount(path);
  expect(first.kind).toBe('locked');
  expect(lockAccount(path)).toMatchObject({ kind: 'busy', why: expect.stringContaining('another process') });
  if (first.kind === 'locked') first.release();
  const third = lockAccount(path);
  expect(third.kind).toBe('locked');
  if (third.kind === 'locked') third.release();
});

test('a lock does not outlive its process, even after a kill that nothing can answer', async () => {
  const path = join(root, 'two.lock');
  const holder = spawn(process.execPath, ['-e', HOLDER, path], { stdio: ['ignore', 'pipe', 'inherit'] });
  await once(holder.stdout, 'data');
  expect(lockAccount(path).kind).toBe('busy');
  holder.kill('SIGKILL');
  await once(holder, 'exit');
  const lock = lockAccount(path);
  expect(lock.kind).toBe('locked');
  if (lock.kind === 'locked') lock.release();
});
