import type { IndexPrint } from '../domain/events/venue.ts';
import { type Micros, SECOND } from '../domain/time.ts';

/** Prints that settle one close: one a second for the minute before it. */
export const SETTLEMENT_PRINTS = 60;

/** Twenty minutes: a quarter-hour, its floor's own minute, and room for lateness. */
const CAPACITY_SECONDS = 1200;

/** The index as it was printed on whole seconds, in integer cents. Times are the source's, in microseconds. */
export interface PrintWindow {
  /**
   * Keeps a print. Those between whole seconds settle nothing and are passed over; the fifth-of-a-second channel's print on the second
   * equals the 1 Hz print (11,309 of 11,309 recorded) and fills its place if that is missing. Returns whether something changed.
   */
  readonly add: (print: IndexPrint) => boolean;
  /** The newest print, or undefined before the first. */
  readonly latest: () => { readonly at: Micros; readonly cents: number } | undefined;
  /** Sum and number of the prints stamped in [from, to). */
  readonly sum: (from: Micros, to: Micros) => { readonly cents: number; readonly count: number };
  /** What a close at `closeAt` settles at, or undefined while one of its sixty prints is missing. */
  readonly settledValueUnits: (closeAt: Micros) => number | undefined;
}

/**
 * Remembers the last twenty minutes of one index, in constant space.
 * A settlement is the mean of the sixty prints stamped T−60 s … T−1 s, rounded half up to a cent, in integers throughout: the published
 * `expiration_value` of KXBTC15M, KXBTCD and KXBTC is reproduced exactly.
 */
export function printWindow(indexId = 'BRTI'): PrintWindow {
  const cents = new Float64Array(CAPACITY_SECONDS);
  const seconds = new Float64Array(CAPACITY_SECONDS).fill(-1);
  const settling = new Uint8Array(CAPACITY_SECONDS);
  let newest = -1;

  const sum: PrintWindow['sum'] = (from, to) => {
    let total = 0;
    let count = 0;
    const last = Math.min(Math.ceil(to / SECOND) - 1, newest);
    const first = Math.max(Math.ceil(from / SECOND), newest - CAPACITY_SECONDS + 1, 0);
    for (let second = first; second <= last; second++) {
      const slot = second % CAPACITY_SECONDS;
      if (seconds[slot] !== second) continue;
      total += cents[slot] ?? Number.NaN;
      count++;
    }
    return { cents: total, count };
  };

  return {
    add: ({ at, cents: value, hertz, indexId: id }) => {
      const second = at / SECOND;
      if (id !== indexId || !Number.isInteger(second) || second <= newest - CAPACITY_SECONDS) return false;
      if (!(Number.isSafeInteger(value) && value > 0)) return false;
      const slot = second % CAPACITY_SECONDS;
      const known = seconds[slot] === second;
      if (known && hertz === 5 && settling[slot] === 1) return false;
      const changed = !known || cents[slot] !== value;
      seconds[slot] = second;
      cents[slot] = value;
      settling[slot] = hertz === 1 ? 1 : 0;
      newest = Math.max(newest, second);
      return changed;
    },
    latest: () =>
      newest < 0 ? undefined : { at: newest * SECOND, cents: cents[newest % CAPACITY_SECONDS] ?? Number.NaN },
    sum,
    settledValueUnits: (closeAt) => {
      const window = sum(closeAt - SETTLEMENT_PRINTS * SECOND, closeAt);
      // Half up: floor(mean + ½) = floor((2·sum + 60) / 120), exact below 2⁵³.
      return window.count === SETTLEMENT_PRINTS
        ? Math.floor((2 * window.cents + SETTLEMENT_PRINTS) / (2 * SETTLEMENT_PRINTS))
        : undefined;
    },
  };
}
