import { createHash } from 'node:crypto';
import type { Feature } from './feature.ts';

/** sha256 of the names in order, hex: a model fitted on another list must not be fed this one. */
export const featureListHash = (features: readonly Pick<Feature, 'name'>[]): string =>
  createHash('sha256')
    .update(features.map(({ name }) => name).join('\n'))
    .digest('hex');
