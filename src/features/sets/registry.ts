import type { Feature } from '../feature.ts';
import { CHANNELS } from '../minute/minute-channels.ts';
import { barFeatures } from './bar-features.ts';
import { barsSet } from './bars-set.ts';
import { featureListHash } from './feature-list-hash.ts';
import { memorySet } from './memory-set.ts';
import { tickSet } from './tick-set.ts';
import { MINUTES } from './windowed.ts';

/** A feature as it is listed for the operator. */
export type RegisteredFeature = Omit<Feature<never>, 'read' | 'spanMinutes'>;

/**
 * Features that are computed together and in this order, with the hash of their names that artefacts carry.
 */
export interface FeatureSet {
  readonly set: 'backbone' | 'bars' | 'memory' | 'channels' | 'ticks';
  readonly usedBy: string;
  readonly sha256: string;
  readonly features: readonly RegisteredFeature[];
}

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

const listed = ({ name, unit, source, warmUpMinutes, about }: RegisteredFeature): RegisteredFeature => ({
  name,
  unit,
  source,
  warmUpMinutes,
  about,
});

/**
 * Every feature that is computed, by set. The backbone's outputs for the trees (`harx…`, `season…`) belong to
 * a model and are not features.
 */
export const registry: readonly FeatureSet[] = [
  setOf('backbone', 'HAR-X with season', barFeatures.map(listed)),
  setOf('bars', 'LightGBM', barsSet.map(listed)),
  setOf('memory', 'LightGBM and PatchTST', memorySet.map(listed)),
  setOf(
    'channels',
    'PatchTST, the last 512 minutes of each',
    CHANNELS.map((name) => ({ name, source: MINUTES, warmUpMinutes: 1, ...CHANNEL_ABOUT[name] })),
  ),
  setOf('ticks', 'no shipped model; recorded for yours', tickSet.map(listed)),
];
