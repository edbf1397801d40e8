import { mkdtempSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from '@jest/globals';
import { loadBackbone } from '../../pipelines/load/load-backbone.ts';
import { loadModels, openFold } from '../../pipelines/load/load-models.ts';
import { openForecaster } from '../../pipelines/load/open-forecaster.ts';
import { assetNamed } from '../../src/config/assets.ts';
import type { Asset } from '../../src/domain/asset.ts';
import type { ModelFold } from '../../src/forecast/members/models-manifest.ts';
import { handBackbone } from '../forecast/models.ts';
import { writeModels } from '../forecast/write-models.ts';
import { BTC } from '../support/btc.ts';
import { tempFolder } from '../support/temp-folder.ts';

const root = tempFolder();
const room = (): string => mkdtempSync(join(root, 'test-'));
const ETH = assetNamed([BTC], 'ETH') as Asset;
const EMULATED = 'shipped:emulated/eth.backbone.json';
const NOW = Date.UTC(2026, 5, 1) * 1_000;
const backboneFile = (asset: string): string => {
  const path = join(room(), 'a model of any name.json');
  writeFileSync(path, JSON.stringify({ ...handBackbone(), asset }));
  return path;
};

describe('models of assets', () => {
  test('an asset’s own file is opened by what it says that it is: a manifest’s ensemble, a backbone alone', async () => {
    const ensemble = await openForecaster(BTC, {}, NOW);
    expect(ensemble.describe).toMatch(/^ensemble /);
    const shipped = await openForecaster({ name: 'ETH', models: EMULATED }, {}, NOW);
    expect(shipped.describe).toBe('backbone: HAR-X with season');
    const path = await openForecaster({ name: 'ETH', models: backboneFile('ETH') }, {}, NOW);
    expect(path.describe).toBe('backbone: HAR-X with season');
  });

  test('models of another asset are refused in one sentence: which file, whose it must be, whose it was and what to do', async () => {
    const remedy = 'fit one: voltage fit-backbone --asset ETH --bars CSV';
    await expect(openForecaster({ ...ETH, models: BTC.models }, {}, NOW)).rejects.toThrow(
      `models: models/manifest.json must be of ETH, was of BTC; name ETH's own, or ${remedy}`,
    );
    const model = backboneFile('BTC');
    await expect(openForecaster(ETH, { model }, NOW)).rejects.toThrow(
      `backbone: ${model} must be of ETH, was of BTC; name ETH's own, or ${remedy}`,
    );
    const { path: models } = writeModels(room());
    await expect(openForecaster(ETH, { models }, NOW)).rejects.toThrow(
      /manifest\.json must be of ETH, was of BTC/,
    );
    expect(() => loadBackbone(EMULATED, 'BTC')).toThrow(/eth\.backbone\.json must be of BTC, was of ETH/);
  });

  test('a fold whose backbone is another asset’s than its manifest is refused', async () => {
    const backbone = JSON.stringify({ ...handBackbone(), asset: 'ETH' });
    const found = loadModels(
      writeModels(room(), [{ name: 'first', trainedUntil: '2026-01-01T00:00:00.000Z', backbone }]).path,
    );
    await expect(openFold(found, found.models.folds[0] as ModelFold)).rejects.toThrow(
      /first.backbone\.json must be of BTC, was of ETH/,
    );
  });

  test('an asset without models says which command fits some, with --fallback too', async () => {
    const why = 'models: ETH has none; fit a backbone with: voltage fit-backbone --asset ETH --bars CSV';
    await expect(openForecaster(ETH, {}, NOW)).rejects.toThrow(why);
    await expect(openForecaster(ETH, { fallback: true }, NOW)).rejects.toThrow(
      /ETH has none.*; --fallback finds no shipped backbone of ETH either$/,
    );
  });

  test('--fallback runs the asset’s own shipped backbone and no other', async () => {
    const models = join(root, 'nowhere.json');
    const ofBtc = await openForecaster(BTC, { models, fallback: true }, NOW);
    expect(ofBtc.describe).toMatch(/^FALLBACK .*there is no .*nowhere\.json/);
    const ofEth = await openForecaster({ name: 'ETH', models: EMULATED }, { models, fallback: true }, NOW);
    expect(ofEth.describe).toMatch(/^FALLBACK /);
    await expect(openForecaster({ name: 'ETH', models }, { fallback: true }, NOW)).rejects.toThrow(
      /no shipped backbone of ETH/,
    );
  });
});
