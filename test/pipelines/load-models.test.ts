import { existsSync, mkdtempSync, readFileSync, rmSync, truncateSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from '@jest/globals';
import { loadModels, openFold } from '../../pipelines/load/load-models.ts';
import { featureListHash } from '../../src/features/sets/feature-list-hash.ts';
import { memberInputs } from '../../src/forecast/members/member-input.ts';
import type { ModelFold, Models } from '../../src/forecast/members/models-manifest.ts';
import { handFold, handModels, handRow } from '../forecast/hand-models.ts';
import { constantly, linearSequence, linearTrees } from '../forecast/members/linear-graphs.ts';
import { handBackbone } from '../forecast/models.ts';
import { type FoldFiles, writeModels } from '../forecast/write-models.ts';
import { tempFolder } from '../support/temp-folder.ts';

const root = tempFolder();
const room = (): string => mkdtempSync(join(root, 'test-'));
const UNTIL = '2026-01-01T00:00:00.000Z';

/** The one sentence with which something is refused. */
async function refusal(work: () => unknown): Promise<string> {
  try {
    await work();
  } catch (cause) {
    const { message } = cause as Error;
    expect(message).not.toContain('\n');
    return message;
  }
  throw new Error('load-models.test: it must be refused, and was not');
}
const manifestRefusal = (text: string): Promise<string> => {
  const path = join(room(), 'manifest.json');
  writeFileSync(path, text);
  return refusal(() => loadModels(path));
};
const changed = (over: object): Promise<string> =>
  manifestRefusal(JSON.stringify({ ...handModels(), ...over }));
/** Opens what is in a folder, as the only fold of its manifest. */
const opening = (folder: string): Promise<string> =>
  refusal(() => {
    const found = loadModels(join(folder, 'manifest.json'));
    return openFold(found, found.models.folds[0] as ModelFold);
  });
const openingFold = (files: Partial<FoldFiles>, over?: Partial<Models>): Promise<string> => {
  const folder = room();
  writeModels(folder, [{ name: 'first', trainedUntil: UNTIL, ...files }], over);
  return opening(folder);
};

describe('loadModels', () => {
  test('reads a manifest and remembers its folder, where the artefacts are', () => {
    const folder = room();
    const { path, models } = writeModels(folder);
    expect(loadModels(path)).toEqual({ models, folder });
  });

  test('a manifest that is missing is one sentence with its name and two ways out', async () => {
    const path = join(root, 'nowhere.json');
    expect(await refusal(() => loadModels(path))).toBe(
      `models: there is no ${path}; train with: npm run train, or run with --fallback`,
    );
  });

  test('one that cannot be read, such as a folder, is named', async () => {
    const message = await refusal(() => loadModels(root));
    expect(message).toContain(`models: ${root} cannot be read (`);
    expect(message).toMatch(/fetch it again, or run with --fallback$/);
  });

  test('one that is no JSON, or was cut short, is named', async () => {
    const whole = JSON.stringify(handModels());
    for (const text of ['models', '', whole.slice(0, whole.length / 2)])
      expect(await manifestRefusal(text)).toMatch(
        /^models: .*manifest\.json is not JSON \(.*\); train again, or run with --fallback$/,
      );
  });

  test('one of another shape is refused by its keys', async () => {
    const usable = /^models: .*manifest\.json is not usable: .*; train again, or run with --fallback$/;
    for (const text of ['null', '[]', '{"kind":"backbone"}'])
      expect(await manifestRefusal(text)).toMatch(usable);
    expect(await manifestRefusal('null')).toContain('the whole: ');
    const both = await changed({ version: 7, folds: [] });
    expect(both).toMatch(usable);
    expect(both).toMatch(/version: .*; folds: /);
  });

  test('features whose hash is another are refused with both hashes', async () => {
    const hash = featureListHash([{ name: 'rv15' }]);
    const message = await changed({ features: ['rv15'], featuresSha256: 'f'.repeat(64) });
    expect(message).toMatch(/manifest\.json: featuresSha256 must be that of features/);
    expect(message).toContain(hash);
    expect(message).toContain('f'.repeat(64));
    expect(message).toMatch(/train again, or run with --fallback$/);
  });

  test('the hash is of the order too', async () => {
    const { featuresSha256, features } = handModels();
    expect(await changed({ features: [...features].reverse(), featuresSha256 })).toContain('featuresSha256');
  });

  test('features, statics and channels that this build does not have are all named', async () => {
    const features = ['rv15', 'moonPhase', 'rv15-tide'];
    const message = await changed({
      features,
      featuresSha256: featureListHash(features.map((name) => ({ name }))),
      channels: ['c0', 'c99'],
      statics: ['rv60', 'wind/harx60'],
    });
    expect(message).toMatch(
      /needs what this build does not have \(moonPhase, rv15-tide, wind\/harx60, c99\); train again, or run with --fallback$/,
    );
  });
});

describe('openFold', () => {
  test('opens backbone and members, run once and ready', async () => {
    const found = loadModels(writeModels(room()).path);
    const { backbone, members, fold, close } = await openFold(found, found.models.folds[0] as ModelFold);
    expect(backbone).toEqual(handBackbone());
    expect(fold.name).toBe('first');
    const input = memberInputs(backbone)(handRow(0, () => -16));
    const answers = await Promise.all(members.map(({ answer }) => answer(input)));
    expect(members.map(({ name }) => name)).toEqual(['lightgbm', 'patchtst']);
    expect(answers[0]?.corrections[3]).toBeCloseTo(0.1, 6);
    expect(answers[1]?.corrections[0]).toBeCloseTo(-0.05, 6);
    await close();
    await expect(members[0]?.answer(input)).rejects.toThrow();
  });

  test('a fold without PatchTST has LightGBM alone', async () => {
    const found = loadModels(
      writeModels(room(), [{ name: 'first', trainedUntil: UNTIL, sequence: null }]).path,
    );
    const { members, close } = await openFold(found, found.models.folds[0] as ModelFold);
    expect(members.map(({ name }) => name)).toEqual(['lightgbm']);
    await close();
  });

  test('an artefact that is missing, cut short or altered by one byte is refused by its path', async () => {
    for (const file of ['first/backbone.json', 'first/lightgbm.onnx', 'first/patchtst.onnx']) {
      const folder = room();
      writeModels(folder);
      const path = join(folder, file);
      const bytes = readFileSync(path);
      const altered = Buffer.from(bytes);
      const middle = Math.floor(bytes.length / 2);
      altered.writeUInt8((bytes.at(middle) as number) ^ 1, middle);
      writeFileSync(path, altered);
      const message = await opening(folder);
      expect(message).toContain(`models: ${path} is not the file that the manifest means`);
      expect(message).toMatch(
        /sha256 must be [0-9a-f]{64}, was [0-9a-f]{64}; fetch it again, or run with --fallback$/,
      );
      writeFileSync(path, bytes);
      truncateSync(path, bytes.length - 1);
      expect(await opening(folder)).toContain(`models: ${path} is not the file that the manifest means`);
      rmSync(path);
      expect(existsSync(path)).toBe(false);
      expect(await opening(folder)).toMatch(
        / cannot be read \(.*ENOENT.*\); fetch it again, or run with --fallback$/,
      );
      expect(await opening(folder)).toContain(path);
    }
  });

  test('a graph that does not load, though it is the file that was meant, is refused by its path', async () => {
    const graph = linearTrees(2, constantly([0, 0, 0, 0]));
    for (const trees of [Buffer.from('no graph'), graph.subarray(0, graph.length - 40)])
      expect(await openingFold({ trees })).toMatch(
        /^models: .*first\/lightgbm\.onnx does not load \(.*\); train again, or run with --fallback$/,
      );
  });

  test('a graph that wants other inputs than the manifest names is refused at the start, not at the first minute', async () => {
    const wide = await openingFold({ trees: linearTrees(3, constantly([0, 0, 0, 0])) });
    expect(wide).toMatch(
      /first\/lightgbm\.onnx does not run as lightgbm \(.*\); train again, or run with --fallback$/,
    );
    const narrow = await openingFold({ sequence: linearSequence(1, constantly([0, 0, 0, 0]), 1) });
    expect(narrow).toMatch(/first\/patchtst\.onnx does not run as patchtst \(.*\)/);
  });

  test('a graph that answers with other than four corrections is refused', async () => {
    const three = { picks: [0, 0, 0], slopes: [0, 0, 0], biases: [0, 0, 0] };
    expect(await openingFold({ trees: three })).toMatch(
      /first\/lightgbm\.onnx must answer with 4 corrections, was 3; train again, or run with --fallback$/,
    );
    const misnamed = linearSequence(2, constantly([0, 0, 0, 0]), 1, 'residue');
    expect(await openingFold({ sequence: misnamed })).toMatch(
      /first\/patchtst\.onnx must answer with 4 corrections, was 0/,
    );
  });

  test('a band needs eight quantiles of the trees, and without one nobody asks for them', async () => {
    const horizons = handFold().horizons.map((horizon) => ({ ...horizon, band: { low: 0, high: 0 } }));
    const ends = (count: number) => constantly(new Array<number>(count).fill(0));
    for (const [count, found] of [
      [undefined, 0],
      [4, 4],
      [9, 9],
    ] as const)
      expect(await openingFold({ horizons, ...(count && { quantiles: ends(count) }) })).toMatch(
        new RegExp(
          `first/lightgbm\\.onnx must answer with 8 quantiles, low and high by horizon, was ${found}; train again, or run with --fallback$`,
        ),
      );
    for (const files of [{ horizons, quantiles: ends(8) }, { quantiles: ends(4) }, {}]) {
      const found = loadModels(writeModels(room(), [{ name: 'first', trainedUntil: UNTIL, ...files }]).path);
      await (await openFold(found, found.models.folds[0] as ModelFold)).close();
    }
  });

  test('a backbone that is no JSON, or another build’s, is refused by its path', async () => {
    expect(await openingFold({ backbone: '{' })).toMatch(
      /^models: .*first\/backbone\.json is not JSON \(.*\); train again, or run with --fallback$/,
    );
    const foreign = JSON.stringify({ ...handBackbone(), featureListSha256: '0'.repeat(64) });
    expect(await openingFold({ backbone: foreign })).toMatch(
      /^backbone: .*first\/backbone\.json is not usable: featureListSha256: .*fit the model again/,
    );
  });
});
