import { MILLISECOND } from '../../domain/time.ts';
import type { KalshiVenue } from '../kalshi/venue.ts';
import type { Fault } from './fault.ts';
import type { LastingFaults } from './lasting-faults.ts';

/** Faults of Kalshi's exchange. */
export interface ExchangeFaults {
  /** Begins one now; a kind that does not act on the exchange does nothing. */
  readonly begin: (fault: Fault) => void;
}

const USUAL_LAG_MS = 1_000;
const USUAL_DOLLARS = 100;

/** Turns faults into the exchange's troubles, and ends those that last when their span is over. */
export function exchangeFaults(
  kalshi: () => Pick<KalshiVenue, 'strike' | 'closeEarly' | 'nextToClose'>,
  active: LastingFaults['active'],
  later: (ms: number, act: () => void) => void,
): ExchangeFaults {
  /** Strikes now, and ends after the span unless another fault of its kind goes on. */
  const last = (
    { kind, spanMs }: Fault,
    strike: 'tradingPause' | 'exchangePause' | 'attestationLapse' | 'cancelAllTail',
  ): void => {
    kalshi().strike({ kind: strike, on: true });
    later(spanMs, () => {
      if (active(kind, 'kalshi') === undefined) kalshi().strike({ kind: strike, on: false });
    });
  };
  /** Contradicting reads go before late ones, while both last. */
  const lag = (): void => {
    const contradicts = active('readContradict', 'kalshi');
    const late = contradicts ?? active('readLag', 'kalshi');
    kalshi().strike({
      kind: 'readLag',
      lag: late ? (late.value ?? USUAL_LAG_MS) * MILLISECOND : 0,
      contradict: contradicts !== undefined,
    });
  };
  /** How many faults halt a market now. */
  const halts = new Map<string, number>();
  const halt = (spanMs: number, only: string | undefined): void => {
    const ticker = only ?? kalshi().nextToClose();
    if (ticker === undefined) return;
    halts.set(ticker, (halts.get(ticker) ?? 0) + 1);
    kalshi().strike({ kind: 'marketHalt', ticker, on: true });
    later(spanMs, () => {
      const left = (halts.get(ticker) ?? 1) - 1;
      halts.set(ticker, left);
      if (left > 0) return;
      halts.delete(ticker);
      kalshi().strike({ kind: 'marketHalt', ticker, on: false });
    });
  };

  return {
    begin: (fault) => {
      const { kind, spanMs, value, only } = fault;
      const span = Math.round(spanMs * MILLISECOND);
      switch (kind) {
        case 'maintenance':
          last(fault, 'tradingPause');
          return;
        case 'exchangePause':
        case 'attestationLapse':
        case 'cancelAllTail':
          last(fault, kind);
          return;
        case 'marketHalt':
          halt(spanMs, only);
          return;
        case 'earlyClose':
          kalshi().closeEarly(only);
          return;
        case 'dispute':
          kalshi().strike({ kind, ticker: only, upheld: value === 0, span });
          return;
        case 'readLag':
        case 'readContradict':
          lag();
          later(spanMs, lag);
          return;
        case 'wrongOrder':
          kalshi().strike({ kind, count: Math.ceil(value ?? 1) });
          return;
        case 'deposit':
        case 'withdrawal':
          kalshi().strike({ kind, cents: Math.round((value ?? USUAL_DOLLARS) * 100), span });
          return;
        default:
          return;
      }
    },
  };
}
