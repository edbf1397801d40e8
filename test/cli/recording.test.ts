import { mkdtempSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from '@jest/globals';
import { keepModels, type ModelIdentity, modelDifferences } from '../../pipelines/run/keep-models.ts';
import { keepSettings } from '../../pipelines/run/keep-settings.ts';
import { openRecording } from '../../src/cli/recording.ts';
import { settingsSchema } from '../../src/config/settings.ts';
import { segmentLine, tapeLine } from '../../src/tape/line.ts';
import { tempFolder } from '../support/temp-folder.ts';

const AT = 1_778_477_400_000_000;
const kept = settingsSchema.parse({
  label: 'kept',
  kraken: { bookDepth: 25 },
  kalshi: { useYesPrice: true },
  risk: { orderCooldownMicros: 7_000_000 },
});
const model: ModelIdentity = {
  asset: 'BTC',
  named: 'shipped:manifest.json',
  sha256: 'ab'.repeat(32),
  describe: 'ensemble, fold final',
  runtime: 'onnx',
  fallback: false,
};

describe('openRecording', () => {
  const root = tempFolder();
  const recorded = (): string => {
    const folder = mkdtempSync(join(root, 'tapes-'));
    keepSettings(folder, 's', kept);
    keepModels(folder, 's', [model]);
    writeFileSync(
      join(folder, 's-0001.tape'),
      `${segmentLine(AT, 's', 1)}${tapeLine({ kind: 'tick', at: AT })}`,
    );
    return folder;
  };
  const config = (text: string): string => {
    const path = join(mkdtempSync(join(root, 'config-')), 'c.yaml');
    writeFileSync(path, text);
    return path;
  };

  test('with nothing else said, all is as it was recorded, and no difference is told', async () => {
    const { settings, models, differences } = await openRecording([recorded()], undefined);
    expect(settings.kraken.bookDepth).toBe(25);
    expect(settings.kalshi.useYesPrice).toBe(true);
    expect(settings.risk.orderCooldownMicros).toBe(7_000_000);
    expect(models).toEqual([model]);
    expect(differences(settings)).toEqual([]);
  });

  test('a configuration lies on top, what was subscribed to stays, and both are told', async () => {
    const file = config('label: mine\nkraken: { bookDepth: 100 }\nrisk: { edgeMinDollars: 0.5 }\n');
    const { settings, differences } = await openRecording([recorded()], file);
    expect(settings.label).toBe('mine');
    expect(settings.kraken.bookDepth).toBe(25);
    expect(settings.risk).toMatchObject({ edgeMinDollars: 0.5, orderCooldownMicros: 7_000_000 });
    expect(differences(settings)).toEqual([
      'kraken.bookDepth stays 25 as recorded, asked for was 100',
      `risk.edgeMinDollars was ${kept.risk.edgeMinDollars}, now 0.5`,
    ]);
  });
});

test('models of another file or another fold are told, equal ones are not, and assets without a record are not', () => {
  expect(modelDifferences([model], [model])).toEqual([]);
  expect(modelDifferences([], [model])).toEqual([]);
  for (const other of [
    { ...model, sha256: 'cd'.repeat(32) },
    { ...model, describe: 'ensemble, fold holdout' },
  ])
    expect(modelDifferences([model], [other])).toHaveLength(1);
});
