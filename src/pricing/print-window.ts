import type { Asset } from '../domain/asset.ts';
import type { IndexPrint } from '../domain/events/venue.ts';
import { SETTLEMENT_PRINTS } from '../domain/settlement-sums.ts';
import { type Micros, SECOND } from '../domain/time.ts';

/**
 * A print that is further behind its receipt fills a second that is missing, and replaces none: it may be a
 * right print with a wrong stamp.
 */
const LATE_MICROS = 5 * SECOND;

/** Twenty minutes: enough for a quarter-hour, the minute that settles its floor, and some delay. */
const CAPACITY_SECONDS = 1200;

/**
 * The prints of one index on whole seconds, in units of 10^-`indexDecimals` dollars. Times are those of the
 * source, in microseconds.
 */
export interface PrintWindow {
  readonly indexDecimals: number;
  /**
   * Stores a print, and returns whether something changed. Prints between whole seconds settle nothing and
   * are ignored. On whole seconds the print of the fast channel (5 Hz) equals the 1 Hz print (11,309 of
   * 11,309 recorded), and replaces it if that is missing. A print that comes more than five seconds late does
   * not replace another.
   */
  readonly add: (print: IndexPrint) => boolean;
  /** The newest print, or undefined before the first. */
  readonly latest: () => { readonly at: Micros; readonly units: number } | undefined;
  /** Sum and number of the prints stamped in [from, to). */
  readonly sum: (from: Micros, to: Micros) => { readonly units: number; readonly count: number };
  /**
   * The settlement value of the close at `closeAt`, or undefined while one of its sixty prints is missing.
   */
  readonly settledValueUnits: (closeAt: Micros) => number | undefined;
}

/**
 * Remembers the last twenty minutes of one index, in constant space. A settlement value is the mean of the
 * sixty prints stamped T−60 s … T−1 s, rounded half up to the index's unit. It is computed in integers only
 * and equals the published `expiration_value` exactly. A print in another unit than the asset's is ignored.
 */
export function printWindow({
  indexId,
  indexDecimals,
}: Pick<Asset, 'indexId' | 'indexDecimals'>): PrintWindow {
  const units = new Float64Array(CAPACITY_SECONDS);
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
      total += units[slot] ?? Number.NaN;
      count++;
    }
    return { units: total, count };
  };

  return {
    indexDecimals,
    add: ({ at, receivedAt, units: value, decimals, hertz, indexId: id }) => {
      const second = at / SECOND;
      if (id !== indexId || !Number.isInteger(second) || second <= newest - CAPACITY_SECONDS) return false;
      if (!(decimals === indexDecimals && Number.isSafeInteger(value) && value > 0)) return false;
      const slot = second % CAPACITY_SECONDS;
      const known = seconds[slot] === second;
      if (known && ((hertz === 5 && settling[slot] === 1) || receivedAt - at > LATE_MICROS)) return false;
      const changed = !known || units[slot] !== value;
      seconds[slot] = second;
      units[slot] = value;
      settling[slot] = hertz === 1 ? 1 : 0;
      newest = Math.max(newest, second);
      return changed;
    },
    latest: () =>
      newest < 0 ? undefined : { at: newest * SECOND, units: units[newest % CAPACITY_SECONDS] ?? Number.NaN },
    sum,
    settledValueUnits: (closeAt) => {
      const window = sum(closeAt - SETTLEMENT_PRINTS * SECOND, closeAt);
      // Half up: floor(mean + ½) = floor((2·sum + 60) / 120), exact below 2⁵³.
      return window.count === SETTLEMENT_PRINTS
        ? Math.floor((2 * window.units + SETTLEMENT_PRINTS) / (2 * SETTLEMENT_PRINTS))
        : undefined;
    },
  };
}
