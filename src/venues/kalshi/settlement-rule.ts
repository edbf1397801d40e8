import type { Asset } from '../../domain/asset.ts';
import type { SettlesBy } from '../../domain/contracts.ts';

const ROUNDED = /rounded to the nearest (\d+) decimal places?/i;
const AVERAGE = /average of these prices/i;

/**
 * Reads the settlement rule from the rules of a market (`rules_secondary`): the average of the sixty prices,
 * "rounded to the nearest 2 decimal places" or as it is. `settlesBy` is undefined if the text states neither.
 * A sentence if the text rounds to other decimals than the index has: such a contract cannot be priced.
 */
export function settlementRule(
  rules: string | null | undefined,
  indexDecimals: number,
): { readonly settlesBy: SettlesBy | undefined } | string {
  const decimals = ROUNDED.exec(rules ?? '')?.[1];
  if (decimals !== undefined)
    return Number(decimals) === indexDecimals
      ? { settlesBy: 'rounded' }
      : `must round to the ${indexDecimals} decimals of the index, was ${decimals}`;
  return { settlesBy: AVERAGE.test(rules ?? '') ? 'average' : undefined };
}

/**
 * The rule of a series of an asset whose text was not seen, as in recordings that left it out: the quarter-hour series
 * rounds, those above a strike and of ranges compare the average itself.
 */
export const usualRule = (series: string, { above, range }: Asset['series']): SettlesBy =>
  series === above || series === range ? 'average' : 'rounded';
