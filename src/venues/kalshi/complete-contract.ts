import type { Contract, FeeTerms } from '../../domain/contracts.ts';

/** What is known of a contract so far; Kalshi tells it in pieces. */
export type ContractTerms = {
  readonly [Field in keyof Omit<Contract, 'ticker' | 'series' | 'fee'>]: Contract[Field] | undefined;
};

/** All three BTC series charged this on 2026-09-25 (docs.kalshi.com, series objects). */
export const QUADRATIC: FeeTerms = { kind: 'quadratic', multiplier: 1 };

/** A ticker's series: its part before the first dash, all of it where there is none. Nothing else is ever read from a ticker. */
export const seriesOf = (ticker: string): string => ticker.split('-', 1)[0] ?? ticker;

/**
 * The contract once its terms suffice to price it, else the first one missing. `greater` needs its floor, `less` and `less_or_equal`
 * their cap, `between` both; `greater_or_equal` may wait for the floor that the previous quarter-hour settles.
 */
export function completeContract(
  ticker: string,
  terms: ContractTerms,
  fee: FeeTerms = QUADRATIC,
): Contract | string {
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
  return {
    ticker,
    series: seriesOf(ticker),
    event,
    strikeType,
    floorUnits,
    capUnits,
    openAt,
    closeAt,
    tickBands,
    exchangeIndex,
    fee,
  };
}
