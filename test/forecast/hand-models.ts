import { CHANNELS, CONTEXT_MINUTES } from '../../src/features/minute/minute-channels.ts';
import type { MinuteRow } from '../../src/features/rows/minute-row.ts';
import { barFeatures } from '../../src/features/sets/bar-features.ts';
import { featureListHash } from '../../src/features/sets/feature-list-hash.ts';
import { treeSet } from '../../src/features/sets/tree-set.ts';
import type { Member, MemberInput, Quantiles } from '../../src/forecast/members/member.ts';
import { MEMBER_MINUTES, type ModelFold, type Models } from '../../src/forecast/members/models-manifest.ts';

const nothing = { file: 'none', sha256: '0'.repeat(64) };

/** A fold whose numbers are easy to follow: both members count in full, no scale, Student-t of four degrees. */
export function handFold(over: Partial<ModelFold> = {}): ModelFold {
  return {
    name: 'hand',
    trainedUntil: '2026-01-01T00:00:00.000Z',
    backbone: nothing,
    lightgbm: nothing,
    horizons: MEMBER_MINUTES.map((minutes) => ({
      minutes,
      weights: { lightgbm: 1, patchtst: 1 },
      logScale: { harX: 0, lightgbm: 0, patchtst: 0, ensemble: 0 },
      logSettle: 0,
      nu: 4,
      tScale: 0.7,
    })),
    ranges: {},
    ...over,
  };
}

/** A manifest of one hand-made fold over two features that never are NaN. */
export function handModels(over: Partial<Models> = {}): Models {
  const features = over.features ?? ['harx15', 'season60'];
  return {
    kind: 'models',
    version: 1,
    asset: 'BTC',
    features,
    featuresSha256: featureListHash(features.map((name) => ({ name }))),
    channels: ['c0', 'c3'],
    statics: ['rv60-harx60'],
    commit: '0000000',
    data: {},
    scale: { spanDays: 3, priorWeight: 5 },
    guard: { spanDays: 2, leastOrigins: 20, worse: 1.1, better: 0.95, psi: 0.25 },
    folds: [handFold()],
    ...over,
  };
}

/** A warm row in which every log variance is what `value` says of its name, and every input of the trees 0. */
export const handRow = (at: number, value: (name: string) => number, warm = true): MinuteRow => ({
  kind: 'minuteRow',
  asset: 'BTC',
  at,
  receivedAt: at + 7,
  values: Float64Array.from(barFeatures, ({ name }) => value(name)),
  inputs: new Float64Array(treeSet.length),
  window: new Float32Array(CONTEXT_MINUTES * CHANNELS.length),
  windowReturns: CONTEXT_MINUTES,
  warm,
  bars: 1,
});

/** A member that says what `of` says, and the same quantiles at every origin; undefined abstains. */
export const handMember = (
  name: Member['name'],
  of: (input: MemberInput) => readonly number[] | undefined,
  quantiles?: Quantiles,
): Member => ({
  name,
  answer: async (input) => {
    const said = of(input);
    return said && { corrections: Float64Array.from(said), ...(quantiles && { quantiles }) };
  },
});
