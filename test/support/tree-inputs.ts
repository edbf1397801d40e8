import { treeSet } from '../../src/features/sets/tree-set.ts';
import { MEMBER_MINUTES } from '../../src/forecast/members/models-manifest.ts';

/**
 * Names of the trees' inputs as a data set has them, in order: the features of bars, then what the backbone
 * makes.
 */
export const TREE_INPUTS: readonly string[] = [
  ...treeSet.map(({ name }) => name),
  ...MEMBER_MINUTES.map((minutes) => `harx${minutes}`),
  ...MEMBER_MINUTES.map((minutes) => `season${minutes}`),
];
