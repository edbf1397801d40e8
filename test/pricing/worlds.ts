import type { Contract } from '../../src/domain/contracts.ts';
import type { Tail, VariancePath } from '../../src/domain/events/forecast.ts';
import { priceTicks } from '../../src/domain/money.ts';
import { type Micros, SECOND } from '../../src/domain/time.ts';
import type { SettlementInput } from '../../src/pricing/close-moments.ts';
import { type PrintWindow, printWindow } from '../../src/pricing/print-window.ts';

/** A close on a whole minute, as all are. */
export const CLOSE_AT = 1_790_366_400 * SECOND;

/** Index of the worlds below, in cents. */
export const SPOT_CENTS = 8_400_000;

/** Variance a second of a volatility of 60 % a year of 365 days. */
export const SIGMA2 = 0.36 / (365 * 86_400);

export const gaussian = (): Tail => ({ nu: Number.POSITIVE_INFINITY, scale: 1 });

/** A path of constant variance a second. */
export const constantPath = (variance = SIGMA2, until = CLOSE_AT + 1e12): VariancePath => ({
  between: (from, to) => (to > until ? Number.NaN : (Math.max(0, to - from) / SECOND) * variance),
  until,
});

/** A path whose variance a second changes at each whole minute: linear inside minutes. */
export function minutePath(rate: (minute: number) => number): VariancePath {
  const minute = 60 * SECOND;
  return {
    until: Number.POSITIVE_INFINITY,
    between: (from, to) => {
      let total = 0;
      for (let at = from; at < to; ) {
        const end = Math.min(to, (Math.floor(at / minute) + 1) * minute);
        total += ((end - at) / SECOND) * rate(Math.floor(at / minute));
        at = end;
      }
      return total;
    },
  };
}

export function contractOf(terms: Partial<Contract> & Pick<Contract, 'strikeType'>): Contract {
  return {
    ticker: 'TEST',
    series: 'KXBTCD',
    event: 'TEST',
    floorUnits: undefined,
    capUnits: undefined,
    openAt: CLOSE_AT - 900 * SECOND,
    closeAt: CLOSE_AT,
    tickBands: [{ startTicks: priceTicks(100), endTicks: priceTicks(9_900), stepTicks: priceTicks(100) }],
    exchangeIndex: 2,
    fee: { kind: 'quadratic', multiplier: 1 },
    ...terms,
  };
}

/** A window holding the given prints, one a second from `firstAt`. */
export function printsFrom(firstAt: Micros, cents: readonly number[]): PrintWindow {
  const window = printWindow();
  cents.forEach((value, i) => {
    const at = firstAt + i * SECOND;
    window.add({
      kind: 'indexPrint',
      indexId: 'BRTI',
      at,
      receivedAt: at,
      sid: 1,
      seq: i + 1,
      cents: value,
      hertz: 1,
    });
  });
  return window;
}

/** What pricing sees `tauSeconds` before the close, with the index known exactly at that instant. */
export function inputAt(tauSeconds: number, overrides: Partial<SettlementInput> = {}): SettlementInput {
  const now = CLOSE_AT - tauSeconds * SECOND;
  return {
    closeAt: CLOSE_AT,
    now,
    index: {
      kind: 'index',
      at: now,
      receivedAt: now,
      value: SPOT_CENTS / 100,
      source: 'brti',
      variance: 0,
    },
    prints: printWindow(),
    path: constantPath(),
    tail: gaussian,
    ...overrides,
  };
}
