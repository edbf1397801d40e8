import { createHash } from 'node:crypto';

/** sha256 of the names in order, in hex. A model that was fitted on another list must not read this one. */
export const featureListHash = (features: readonly { readonly name: string }[]): string =>
  createHash('sha256')
    .update(features.map(({ name }) => name).join('\n'))
    .digest('hex');
