import type { Check } from '../context.ts';
import { atLeast } from '../finding.ts';

/**
 * Two sources or none: the index's value is supported by enough independent ones. Observed: the prints count
 * as one, and each fresh spot venue within its band as one more.
 */
export const indexSources: Check = ({ support, limits }) =>
  atLeast('indexSources', support.sources, limits.indexSourcesMin);
