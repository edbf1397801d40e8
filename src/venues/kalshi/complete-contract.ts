import type { Asset } from '../../domain/asset.ts';
import type { Contract } from '../../domain/contracts.ts';
import { usualRule } from './settlement-rule.ts';

/** What is known of a contract so far. Kalshi sends it in pieces. */
export type ContractTerms = {
  readonly [Field in keyof Omit<Contract, 'ticker' | 'series' | 'asset' | 'indexDecimals' | 'fee'>]:
    | Contract[Field]
    | undefined;
};

/**
 * The series of a ticker: its part before the first dash, or all of it if it has none. Nothing else is read
 * from a ticker.
 */
export const seriesOf = (ticker: string): string => ticker.split('-', 1)[0] ?? ticker;

/**
 * The contract without its fee, if its terms suffice to price it. Otherwise the name of the first missing
 * term. `greater` needs its floor, `less` and `less_or_equal` their cap, `between` both; `greater_or_equal`
 * may wait for the floor that the previous quarter-hour settles. A settlement rule that was not told is the
 * usual one of the series; `rounded` is left out.
 */
export function completeContract(
  ticker: string,
  terms: ContractTerms,
  { name: asset, indexDecimals, series: kinds }: Pick<Asset, 'name' | 'indexDecimals' | 'series'>,
): Omit<Contract, 'fee'> | string {
  const { event, strikeType, floorUnits, capUnits, openAt, closeAt, tickBands, exchangeIndex } = terms;
  if (event === undefined) return 'no event';
  if (strikeType === undefined) return 'no strike type that we know';
  if (openAt === undefined) return 'no open time';
  if (closeAt === undefined) return 'no close time';
  if (!(closeAt > openAt)) return `close must be after open, was ${closeAt} against ${openAt}`;
  if (tickBands === undefined) return 'no price ranges';
  if (floorUnits === undefined && (strikeType === 'greater' || strikeType === 'between'))
    return 'no floor strike';
  if (capUnits === undefined && (strikeType === 'between' || strikeType.startsWith('less')))
    return 'no cap strike';
  const series = seriesOf(ticker);
  const settlesBy = terms.settlesBy ?? usualRule(series, kinds);
  return {
    ticker,
    series,
    asset,
    indexDecimals,
    event,
    strikeType,
    floorUnits,
    capUnits,
    openAt,
    closeAt,
    tickBands,
    exchangeIndex,
    ...(settlesBy === 'average' && { settlesBy }),
  };
}
