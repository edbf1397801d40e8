import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdtempSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { describe, expect, test } from '@jest/globals';
import { lockFolder } from '../../src/tape/lock-folder.ts';
import { tempFolder } from '../support/temp-folder.ts';

const root = tempFolder();
const room = (): string => mkdtempSync(join(root, 'lock-'));
const MODULE = pathToFileURL('dist/src/tape/lock-folder.js').href;
/** A process that takes the folder, says whether it has it, and waits. */
const script = (folder: string, wait: boolean): readonly string[] => [
  '--input-type=module',
  '--eval',
  `import { lockFolder } from ${JSON.stringify(MODULE)};
   try { lockFolder(${JSON.stringify(folder)}, 'run.lock'); process.stdout.write('mine'); } catch { process.stdout.write('refused'); }
   ${wait ? 'setInterval(() => {}, 1000);' : ''}`,
];

describe('lockFolder', () => {
  test('a folder is one writer’s until it is given back', () => {
    const folder = join(room(), 'made', 'on the way');
    const unlock = lockFolder(folder, 'run.lock');
    expect(() => lockFolder(folder, 'run.lock')).toThrow(/being written by another run .*remove .*run\.lock/);
    unlock();
    expect(readdirSync(folder)).toEqual([]);
    lockFolder(folder, 'run.lock')();
  });

  test('of many processes that come at once to a dead lock, one has the folder', async () => {
    const folder = room();
    writeFileSync(join(folder, 'run.lock'), '999999999\n\nx\n');
    const children = Array.from({ length: 5 }, () =>
      spawn(process.execPath, script(folder, true), { stdio: ['ignore', 'pipe', 'inherit'] }),
    );
    try {
      const said = await Promise.all(
        children.map(async ({ stdout }) => String((await once(stdout, 'data'))[0])),
      );
      expect(said.filter((word) => word === 'mine')).toHaveLength(1);
      expect(readdirSync(folder)).toEqual(['run.lock']);
    } finally {
      for (const child of children) child.kill('SIGKILL');
    }
  });

  test('the lock of a process that was killed is taken over; that of one that lives is not', async () => {
    const folder = room();
    const child = spawn(process.execPath, script(folder, true), { stdio: ['ignore', 'pipe', 'inherit'] });
    await once(child.stdout, 'data');
    expect(() => lockFolder(folder, 'run.lock')).toThrow(`process ${child.pid}`);
    child.kill('SIGKILL');
    await once(child, 'close');
    lockFolder(folder, 'run.lock')();
    expect(existsSync(join(folder, 'run.lock'))).toBe(false);
  });

  test('a process that ended without giving back leaves a lock that is taken over, even by its own id', () => {
    const folder = room();
    spawnSync(process.execPath, script(folder, false));
    const [, birth = ''] = readFileSync(join(folder, 'run.lock'), 'utf8').split('\n');
    // In a container the same program often gets the same id again; its birth is another.
    writeFileSync(join(folder, 'run.lock'), `${process.pid}\n${birth}\nx\n`);
    if (birth !== '') lockFolder(folder, 'run.lock')();
    expect(existsSync(join(folder, 'run.lock'))).toBe(birth === '');
  });

  test('a lock that is not ours is not removed', () => {
    const folder = room();
    writeFileSync(join(folder, 'run.lock'), 'of some other program');
    expect(() => lockFolder(folder, 'run.lock')).toThrow(/remove .*run\.lock/);
    expect(readdirSync(folder)).toEqual(['run.lock']);
  });
});
