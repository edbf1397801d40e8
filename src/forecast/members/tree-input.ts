import { treeSet } from '../../features/sets/tree-set.ts';
import type { MemberInput } from './member.ts';
import { MEMBER_MINUTES } from './models-manifest.ts';

/** Reads one input of a model. */
export type Read = (input: MemberInput) => number;

const plainInput = (name: string): Read | undefined => {
  const index = treeSet.findIndex((feature) => feature.name === name);
  if (index >= 0) return ({ inputs }) => inputs[index] as number;
  const [, kind, minutes] = /^(harx|season)(\d+)$/.exec(name) ?? [];
  const h = MEMBER_MINUTES.findIndex((each) => String(each) === minutes);
  if (h < 0) return undefined;
  if (kind === 'harx') return ({ harX }) => harX[h] as number;
  return ({ seasonAhead, seasonBehind }) => (seasonAhead[h] as number) - seasonBehind;
};

/**
 * Returns the function that reads an input by its name. A name is one of `treeSet`; one that the backbone
 * computes (`harx15`, or `season15`: the season of the window ahead less that of the last hour); a difference
 * of two (`rv15-harx60`); or, for two log variances, the ratio of their deviations (`high60/harx60`: how many
 * deviations of a minute the price is from its highest, over √60). Undefined for any other name.
 */
export function treeInput(name: string): Read | undefined {
  const [left = '', sign, right = '', ...rest] = name.split(/([-/])/);
  const a = plainInput(left);
  if (sign === undefined) return a;
  const b = plainInput(right);
  if (!(a && b) || rest.length > 0) return undefined;
  return sign === '-' ? (input) => a(input) - b(input) : (input) => Math.exp((a(input) - b(input)) / 2);
}
