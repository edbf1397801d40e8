import { barFeatures } from './bar-features.ts';
import { barsSet } from './bars-set.ts';
import { featureListHash } from './feature-list-hash.ts';
import { memorySet } from './memory-set.ts';
import { CHANNELS } from './minute-channels.ts';
import { tickSet } from './tick-features.ts';

/** A feature as the operator of the system sees it. */
export interface RegisteredFeature {
  readonly name: string;
  readonly unit: string;
  /** Kinds of events that it is made of. */
  readonly source: readonly string[];
  readonly warmUpMinutes: number;
  readonly about: string;
}

/** Features that are computed together and in this order, with the hash of their names that artefacts carry. */
export interface FeatureSet {
  readonly set: 'backbone' | 'bars' | 'memory' | 'channels' | 'ticks';
  readonly usedBy: string;
  readonly sha256: string;
  readonly features: readonly RegisteredFeature[];
}

const MINUTES = ['minute'];
const CHANNEL_ABOUT: Readonly<
  Record<(typeof CHANNELS)[number], { readonly unit: string; readonly about: string }>
> = {
  c0: { unit: 'log variance', about: 'Squared return of the minute' },
  c1: { unit: 'log variance', about: "Parkinson's range variance of the minute" },
  c4: { unit: 'log return', about: 'Return of the minute' },
};

const setOf = (
  set: FeatureSet['set'],
  usedBy: string,
  features: readonly RegisteredFeature[],
): FeatureSet => ({ set, usedBy, sha256: featureListHash(features), features });

const ofMinutes = ({
  name,
  unit,
  warmUpMinutes,
  about,
}: Omit<RegisteredFeature, 'source'>): RegisteredFeature => ({
  name,
  unit,
  source: MINUTES,
  warmUpMinutes,
  about,
});

/** Every feature that is computed, set by set. What the backbone makes for the trees (`harx…`, `season…`) is a model's and no feature. */
export const registry: readonly FeatureSet[] = [
  setOf('backbone', 'HAR-X with season', barFeatures.map(ofMinutes)),
  setOf('bars', 'LightGBM', barsSet.map(ofMinutes)),
  setOf('memory', 'LightGBM and PatchTST', memorySet.map(ofMinutes)),
  setOf(
    'channels',
    'PatchTST, the last 512 minutes of each',
    CHANNELS.map((name) => ({ name, source: MINUTES, warmUpMinutes: 1, ...CHANNEL_ABOUT[name] })),
  ),
  setOf(
    'ticks',
    'no shipped model; recorded for yours',
    tickSet.map(({ name, unit, from, warmUpMinutes, about }) => ({
      name,
      unit,
      source: from,
      warmUpMinutes,
      about,
    })),
  ),
];
