import { treeSet } from '../../../src/features/sets/tree-set.ts';
import type { MemberInput } from '../../../src/forecast/members/member.ts';
import { MEMBER_MINUTES } from '../../../src/forecast/members/models-manifest.ts';

/** An input of the members in which every feature is another number: `treeSet` from 100 on. */
export const INPUT: MemberInput = {
  at: 0,
  har: { logs: new Float64Array(), seasonAhead: new Float64Array() },
  harX: Float64Array.of(-16.1, -16.2, -16.3, -16.4),
  seasonAhead: Float64Array.of(0.5, 0.6, 0.7, 0.8),
  seasonBehind: 0.25,
  inputs: Float64Array.from(treeSet, (_, i) => 100 + i),
  window: new Float32Array(),
  windowReturns: 0,
};

/** What each input is in `INPUT`, by name, in the order of data sets. */
export const PLAIN: ReadonlyMap<string, number> = new Map<string, number>([
  ...treeSet.map(({ name }, i) => [name, 100 + i] as const),
  ...MEMBER_MINUTES.map((minutes, h) => [`harx${minutes}`, INPUT.harX[h] as number] as const),
  ...MEMBER_MINUTES.map(
    (minutes, h) => [`season${minutes}`, (INPUT.seasonAhead[h] as number) - 0.25] as const,
  ),
]);
