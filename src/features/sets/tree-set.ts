import type { MinuteFeature } from '../feature.ts';
import { barsSet } from './bars-set.ts';
import { memorySet } from './memory-set.ts';

/** The trees' features of one-minute bars, in order: the `bars` set, then the `memory` set. */
export const treeSet: readonly MinuteFeature[] = [...barsSet, ...memorySet];
