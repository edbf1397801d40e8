import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from '@jest/globals';
import { collectAssetFiles, filesByAsset, withChosenAssets } from '../../src/cli/asset-options.ts';
import { UsageError } from '../../src/cli/usage.ts';
import { settingsSchema } from '../../src/config/settings.ts';
import { tempFolder } from '../support/temp-folder.ts';

const settings = settingsSchema.parse({ assets: ['ETH', 'BTC'] });

describe('collectAssetFiles', () => {
  const folder = tempFolder();
  const path = join(folder, 'a=b.csv');
  writeFileSync(path, '');

  test('a path is of no asset, a name before it names one, and several add up in order', () => {
    expect(collectAssetFiles('package.json')).toEqual([{ asset: undefined, path: 'package.json' }]);
    expect(collectAssetFiles('BTC=package.json', collectAssetFiles('tsconfig.json'))).toEqual([
      { asset: undefined, path: 'tsconfig.json' },
      { asset: 'BTC', path: 'package.json' },
    ]);
  });

  test('an equals sign in a path names nothing', () => {
    expect(collectAssetFiles(path)).toEqual([{ asset: undefined, path }]);
    expect(collectAssetFiles(`BTC=${path}`)).toEqual([{ asset: 'BTC', path }]);
  });

  test('a file that is not there is refused by its path, without the name', () => {
    expect(() => collectAssetFiles('BTC=nowhere.csv')).toThrow('there is no nowhere.csv.');
  });
});

describe('filesByAsset', () => {
  test('a file of no asset is the first one’s', () => {
    const files = filesByAsset(
      '--history',
      [
        { asset: undefined, path: 'eth.csv' },
        { asset: 'BTC', path: 'btc.csv' },
      ],
      settings,
    );
    expect([...files]).toEqual([
      ['ETH', 'eth.csv'],
      ['BTC', 'btc.csv'],
    ]);
    expect(filesByAsset('--history', [], settings).size).toBe(0);
  });

  test('an asset that is not followed is refused by name, with those that are', () => {
    const refused = () => filesByAsset('--history', [{ asset: 'SOL', path: 'sol.csv' }], settings);
    expect(refused).toThrow(UsageError);
    expect(refused).toThrow('--history: SOL is not followed, only ETH, BTC; name it with --assets');
  });

  test('two files of one asset are refused, however it is named', () => {
    const refused = () =>
      filesByAsset(
        '--history',
        [
          { asset: undefined, path: 'a.csv' },
          { asset: 'ETH', path: 'b.csv' },
        ],
        settings,
      );
    expect(refused).toThrow(UsageError);
    expect(refused).toThrow('--history: ETH may have one file, was given another: b.csv');
  });
});

describe('withChosenAssets', () => {
  test('without the flag the configuration’s assets stay', () => {
    expect(withChosenAssets(settings, undefined)).toBe(settings);
  });

  test('a name that means nothing is a problem of the command line', () => {
    expect(() => withChosenAssets(settings, ['NOPE'])).toThrow(UsageError);
    expect(() => withChosenAssets(settings, ['NOPE'])).toThrow(/^assets: there is no NOPE; known are BTC, /);
  });
});
