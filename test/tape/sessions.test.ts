import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { describe, expect, test } from '@jest/globals';
import { tapeFiles } from '../../src/tape/sessions.ts';
import { dataPath, describeData } from '../support/data.ts';
import { tempFolder } from '../support/temp-folder.ts';

const folder = tempFolder();
const line = (micros: number): string => `${micros}000\tkraken\t{}\n`;
const T = 1_778_477_473_000_000;

describe('tapeFiles', () => {
  test('a folder stands for its own tapes, by the time of their first frames', async () => {
    const tapes = join(folder, 'tapes');
    mkdirSync(join(tapes, 'deeper'), { recursive: true });
    writeFileSync(join(tapes, 'a.tape'), line(T + 2));
    writeFileSync(join(tapes, 'b.tape.gz'), gzipSync(line(T + 1)));
    writeFileSync(join(tapes, 'INDEX.tsv'), 'not a tape');
    writeFileSync(join(tapes, 'deeper', 'c.tape'), line(T));
    expect(await tapeFiles([tapes, join(tapes, 'a.tape')])).toEqual([
      { path: join(tapes, 'b.tape.gz'), name: 'b', firstAt: T + 1, segment: undefined, opensSession: false },
      { path: join(tapes, 'a.tape'), name: 'a', firstAt: T + 2, segment: undefined, opensSession: false },
    ]);
  });

  test('a file is taken whatever its name', async () => {
    const path = join(folder, 'recording.txt');
    writeFileSync(path, `\nnonsense\n${line(T)}`);
    expect(await tapeFiles([path])).toEqual([
      { path, name: 'recording.txt', firstAt: T, segment: undefined, opensSession: false },
    ]);
  });

  test('a missing path, an empty folder, an empty tape and no path at all are told in a sentence', async () => {
    const bare = join(folder, 'bare');
    mkdirSync(bare);
    const empty = join(folder, 'empty.tape');
    writeFileSync(empty, '');
    await expect(tapeFiles([join(folder, 'nowhere')])).rejects.toThrow(
      /there is no file or folder at .*nowhere/,
    );
    await expect(tapeFiles([bare])).rejects.toThrow(/bare holds no \*\.tape, \*\.tape\.gz or \*\.lake/);
    await expect(tapeFiles([empty])).rejects.toThrow(/empty\.tape holds no frame/);
    await expect(tapeFiles([])).rejects.toThrow(/no path was given/);
  });
});

describeData('tapeFiles on recorded tapes', () => {
  test('all of them are found, in order of time', async () => {
    const tapes = await tapeFiles([dataPath('tapes')]);
    expect(tapes).toHaveLength(24);
    const times = tapes.map((tape) => tape.firstAt);
    expect(times).toEqual([...times].sort((a, b) => a - b));
  });
});
