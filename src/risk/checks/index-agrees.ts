import type { Check } from '../context.ts';
import { atMost } from '../finding.ts';

/**
 * The index lies within the band of more than half of the fresh spot venues. In basis points. Without a fresh
 * venue there is nothing to hold it against: `indexSources` decides on that, and 0 is observed here.
 */
export const indexAgrees: Check = ({ support }) =>
  support.venues === 0 ? atMost('indexAgrees', 0, 0) : atMost('indexAgrees', support.distance, support.band);
