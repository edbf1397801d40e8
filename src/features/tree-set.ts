import type { BarsFeature } from './bars-feature.ts';
import { barsSet } from './bars-set.ts';
import { memorySet } from './memory-set.ts';

/** What is read of one-minute bars for the trees, in order: the `bars` set, then the `memory` set. */
export const treeSet: readonly BarsFeature[] = [...barsSet, ...memorySet];
