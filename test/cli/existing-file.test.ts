import { chmodSync, mkdirSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from '@jest/globals';
import {
  configuredFile,
  existingFile,
  existingTape,
  outFile,
  outFolder,
} from '../../src/cli/existing-file.ts';
import { tempFolder } from '../support/temp-folder.ts';
import { voltage } from '../support/voltage.ts';

const root = tempFolder();
const at = (name: string): string => join(root, name);
writeFileSync(at('file'), 'x');
mkdirSync(at('folder'));
mkdirSync(at('tapes'));
mkdirSync(at('tapes/x.tape'));
mkdirSync(at('good'));
writeFileSync(at('good/a.tape'), 'x');
mkdirSync(at('good/notes'));
symlinkSync('nowhere', at('link'));
symlinkSync('file', at('alias'));
mkdirSync(at('links'));
symlinkSync('nowhere', at('links/a.tape.gz'));

describe('a path that a flag names', () => {
  test.each([
    ['a file', existingFile, 'file'],
    ['a link to a file', existingFile, 'alias'],
    ['a tape', existingTape, 'file'],
    ['a folder of tapes and other things', existingTape, 'good'],
    ['a file that will be', outFile, 'new.csv'],
    ['a file that may be replaced', outFile, 'file'],
    ['a folder that will be, below one that will be', outFolder, 'new/one'],
    ['a folder that is', outFolder, 'folder'],
  ])('%s is taken as it is', (_, parse, name) => {
    expect(parse(at(name))).toBe(at(name));
  });

  test.each([
    ['nothing', existingFile, 'none', /^there is no \S+none\.$/],
    ['a folder', existingFile, 'folder', /folder is a folder; name a file in it\.$/],
    ['a dangling link', existingFile, 'link', /link is a link to nothing; name what it should lead to\.$/],
    ['a path below a file', existingFile, 'file/x', /cannot be read \(ENOTDIR\)|there is no \S+file\/x/],
    ['a tape that is not there', existingTape, 'none', /^there is no/],
    [
      'a folder with a folder named as a tape',
      existingTape,
      'tapes',
      /tapes cannot be used: \S+x\.tape is a folder/,
    ],
    [
      'a folder with a dangling tape',
      existingTape,
      'links',
      /links cannot be used: \S+a\.tape\.gz is a link to nothing/,
    ],
    ['an output that is a folder', outFile, 'folder', /is a folder; name a file in it/],
    ['an output in no folder', outFile, 'none/x.csv', /there is no folder \S+none; make it first/],
    ['an output folder that is a file', outFolder, 'file', /file is a file, and a folder is needed/],
    ['an output folder below a file', outFolder, 'file/a/b', /file is a file, and a folder is needed/],
  ])('%s is refused with its path and what to do', (_, parse, name, message) => {
    expect(() => parse(at(name))).toThrow(message);
  });

  test('a file that may not be read says so, where the user is not allowed everything', () => {
    writeFileSync(at('secret'), 'x');
    chmodSync(at('secret'), 0);
    if (process.getuid?.() === 0) expect(existingFile(at('secret'))).toBe(at('secret'));
    else expect(() => existingFile(at('secret'))).toThrow(/cannot be read \(EACCES\); allow it/);
  });

  test('a file of the configuration is refused under its key', () => {
    expect(configuredFile('backtest.history', at('file'))).toBe(at('file'));
    expect(() => configuredFile('backtest.history', at('folder'))).toThrow(
      /^backtest\.history of the configuration: \S+ is a folder/,
    );
  });
});

describe('the command', () => {
  test.each([
    [['backtest', at('file'), '--history', at('folder')], '--history'],
    [['backtest', at('file'), '--out', at('file')], '--out'],
    [['backtest', at('tapes')], 'tapes'],
    [['dataset', '--bars', at('folder'), '--out', at('x.parquet')], '--bars'],
  ])('%j names the flag, the path and the remedy, and ends with 2', (words, flag) => {
    const { code, stderr } = voltage(words);
    expect(code).toBe(2);
    expect(stderr).toContain(flag);
    expect(stderr).toContain(root);
    expect(stderr).not.toMatch(/EISDIR|ENOENT|EEXIST|at \w+ \(/);
  });

  test('nothing that is there is overwritten unless --force says so', () => {
    const rows = [0, 1, 2].map((n) => `${1_750_000_020 + 60 * n},1,1,1,1,1,1\n`).join('');
    writeFileSync(at('XBTUSD_1.csv'), rows);
    const words = ['history', '--import', at('XBTUSD_1.csv'), '--out', at('bars.csv')];
    expect(voltage(words).code).toBe(0);
    const again = voltage(words);
    expect([again.code, again.stderr]).toEqual([
      1,
      expect.stringMatching(/bars\.csv is there already; name another --out, or add --force/),
    ]);
    expect(voltage([...words, '--force']).code).toBe(0);
    for (const command of [
      ['generate', '--minutes', '1', '--out', at('bars.csv')],
      ['fit-backbone', '--bars', at('bars.csv'), '--out', at('bars.csv')],
    ])
      expect(voltage(command).stderr).toMatch(/is there already/);
  });
});
