import type { Decision } from '../../domain/events/decision.ts';
import type { Fill } from '../../domain/events/order.ts';
import { contractsOf, DOLLAR_TICKS, MICRO_DOLLARS } from '../../domain/money.ts';
import { type Micros, SECOND } from '../../domain/time.ts';
import { MARKOUT_SECONDS, type MarkedFill } from './markouts.ts';

/** A middle that comes later than this after the second that was asked for does not speak for it. */
export const MOST_LATE = 5 * SECOND;

/** Keeps a desk's fills with what they were worth later, from the events that the desk tells. */
export interface FillMarker {
  readonly decided: (decision: Decision) => void;
  readonly filled: (fill: Fill) => void;
  readonly settled: (ticker: string, result: 'yes' | 'no') => void;
  readonly read: () => readonly MarkedFill[];
}

type Mids = Partial<Record<(typeof MARKOUT_SECONDS)[number], number>>;
interface Kept extends Omit<MarkedFill, 'mids' | 'settled' | 'closeAt' | 'close'> {
  readonly ticker: string;
  readonly mids: Mids;
}

/**
 * Middles are those of the desk's own decisions on the contract, as in `voltage score --run`, and the close is
 * what the decision says of the time to it. It grows with the fills alone.
 */
export function fillMarker(): FillMarker {
  const fills: Kept[] = [];
  const waiting = new Map<
    string,
    { readonly due: Micros; readonly seconds: keyof Mids; readonly mids: Mids }[]
  >();
  const closes = new Map<string, Micros>();
  const results = new Map<string, 'yes' | 'no'>();
  return {
    decided: ({ at, ticker, bidTicks, askTicks, findings }) => {
      if (!closes.has(ticker)) {
        const toClose = findings.find(({ check }) => check === 'toCloseMin')?.observed;
        if (typeof toClose === 'number') closes.set(ticker, Math.round((at + toClose) / SECOND) * SECOND);
      }
      const asked = waiting.get(ticker);
      while (asked?.[0] !== undefined && asked[0].due <= at) {
        const { due, seconds, mids } = asked.shift() as (typeof asked)[number];
        if (bidTicks === undefined || askTicks === undefined || bidTicks > askTicks) continue;
        if (at - due <= MOST_LATE) mids[seconds] = (bidTicks + askTicks) / 2 / DOLLAR_TICKS;
      }
    },
    filled: ({ ticker, at, side, taker, priceTicks, count, fee }) => {
      const mids: Mids = {};
      const asked = waiting.get(ticker) ?? [];
      for (const seconds of MARKOUT_SECONDS) asked.push({ due: at + seconds * SECOND, seconds, mids });
      waiting.set(
        ticker,
        asked.sort((a, b) => a.due - b.due),
      );
      fills.push({
        ...{ ticker, at, side, taker, mids },
        price: priceTicks / DOLLAR_TICKS,
        contracts: contractsOf(count),
        feeDollars: fee / MICRO_DOLLARS,
      });
    },
    settled: (ticker, result) => {
      results.set(ticker, result);
      waiting.delete(ticker);
    },
    read: () =>
      fills.map(({ ticker, ...fill }): MarkedFill => {
        const closeAt = closes.get(ticker);
        const result = results.get(ticker);
        return {
          ...fill,
          closeAt,
          close: closeAt === undefined ? ticker : `${ticker.split('-')[0]} ${closeAt}`,
          settled: result === undefined ? undefined : result === 'yes' ? 1 : 0,
        };
      }),
  };
}
