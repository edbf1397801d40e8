import { barFeatures } from '../../features/sets/bar-features.ts';

/**
 * Where the features that a model was fitted on stand in this build's list, which may have more: -1 for one
 * that this build does not have.
 */
export const placesOf = (features: readonly string[]): readonly number[] =>
  features.map((name) => barFeatures.findIndex((feature) => feature.name === name));

/** Minutes of history until all features that a model reads are known. */
export const warmUpOf = (features: readonly string[]): number =>
  Math.max(...placesOf(features).map((place) => barFeatures[place]?.warmUpMinutes ?? 0));
