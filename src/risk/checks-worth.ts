import type { Decision } from '../domain/events/decision.ts';
import { DOLLAR_TICKS } from '../domain/money.ts';
import { HOUR, type Micros } from '../domain/time.ts';
import { BLOCK_DRAWS, blockWeights, intervalOfDraws } from '../maths/block-bootstrap.ts';

/** One check over the run: how often it refused alone or first, and what that cost or saved once settled. */
export interface CheckWorth {
  readonly check: string;
  readonly refused: number;
  /** Decisions whose contract has settled. */
  readonly settled: number;
  /** Times at which those contracts closed. */
  readonly closes?: number;
  /** Hours in which they closed: the blocks that the interval comes from. */
  readonly hours?: number;
  /**
   * Mean profit or loss of one contract, in dollars, had the order been filled at its limit; with an interval of
   * 95 %. A contract counts once for a check, by the mean of its decisions. `checksWorth` states the method.
   */
  readonly wouldDollars: number | null;
  readonly lowDollars: number | null;
  readonly highDollars: number | null;
}

/** What each check cost or saved, once the contracts have settled. */
export interface ChecksWorth {
  readonly decided: (decision: Pick<Decision, 'ticker' | 'proposal' | 'failing'>) => void;
  /** A contract has its first result; `closeAt` is when it closed, where that is known. */
  readonly settled: (ticker: string, result: 'yes' | 'no', closeAt: Micros | undefined, at: Micros) => void;
  /** What changed since the last call; undefined if nothing did. */
  readonly read: () => readonly CheckWorth[] | undefined;
}

/** Refusals of one contract by one check: how many, and what they would have made by each result, in dollars. */
interface Refused {
  count: number;
  ifYes: number;
  ifNo: number;
}

/** The sum of rows, and their number. */
interface Rows {
  s: number;
  n: number;
}

/** Sums of one check over the hours that are over, and the same sums under each draw of the hours' weights. */
interface Sums extends Rows {
  refused: number;
  settled: number;
  hours: number;
  closes: number;
  readonly drawnS: Float64Array;
  readonly drawnN: Float64Array;
  /** Cleared by each result. */
  interval: readonly [low: number, high: number] | undefined | null;
}

interface Hour {
  readonly number: number;
  /** When its last result came. */
  toldAt: Micros;
  readonly weights: Float64Array;
  readonly byCheck: Map<string, Rows & { readonly closes: Set<Micros> }>;
}

/** Contracts whose result never comes are forgotten, the oldest first. */
const MOST_OPEN = 2_000;
/** An hour takes no further results once it has had none for so long. */
const CLOSED_AFTER = HOUR;

const zero = (): Sums => ({
  refused: 0,
  settled: 0,
  hours: 0,
  closes: 0,
  s: 0,
  n: 0,
  drawnS: new Float64Array(BLOCK_DRAWS),
  drawnN: new Float64Array(BLOCK_DRAWS),
  interval: null,
});

type HourRows = Rows & { readonly closes: ReadonlySet<Micros> };

const count = (to: Pick<Sums, 's' | 'n' | 'hours' | 'closes'>, { s, n, closes }: HourRows): void => {
  to.hours++;
  to.closes += closes.size;
  to.s += s;
  to.n += n;
};
const draw = (to: Pick<Sums, 'drawnS' | 'drawnN'>, { weights }: Hour, { s, n }: Rows): void => {
  for (let i = 0; i < BLOCK_DRAWS; i++) {
    const weight = weights[i] as number;
    to.drawnS[i] = (to.drawnS[i] as number) + weight * s;
    to.drawnN[i] = (to.drawnN[i] as number) + weight * n;
  }
};

const intervalOf = ({
  hours,
  s,
  n,
  drawnS,
  drawnN,
}: Pick<Sums, 'hours' | 's' | 'n' | 'drawnS' | 'drawnN'>): readonly [low: number, high: number] | undefined =>
  intervalOfDraws(
    s / n,
    drawnS.map((sum, i) => sum / (drawnN[i] as number)),
    hours,
  );

/**
 * Judges every check by the decisions that it refused first. Had such a decision been an order and been
 * filled at its limit, one contract would have made its payout less price and fee. A contract and a check
 * make one row, the mean over that contract's refusals, so that a refusal repeated each minute does not count
 * each time. The worth is the mean of the rows. Below zero means that the check saved money.
 *
 * The interval of 95 % is a block bootstrap. A block is all that closes within one hour: strikes of one close settle
 * by one value, assets move together, and an error of the index lasts for several closes. Each draw gives every
 * hour a weight of its own, exponential with mean one (Rubin 1981, "The Bayesian bootstrap", Ann. Statist. 9), so
 * that sums are enough and nothing grows with the run. It is null below three hours. What was not filled in truth may
 * not have been filled in full, so this is no promise.
 */
export function checksWorth(): ChecksWorth {
  const open = new Map<string, Map<string, Refused>>();
  const checks = new Map<string, Sums>();
  const hours = new Map<number, Hour>();
  let changed = false;

  const sumsOf = (check: string): Sums => {
    const known = checks.get(check) ?? zero();
    checks.set(check, known);
    return known;
  };
  const finish = (at: Micros): void => {
    for (const hour of hours.values()) {
      if (hour.toldAt + CLOSED_AFTER > at) continue;
      for (const [check, rows] of hour.byCheck) {
        const sums = sumsOf(check);
        count(sums, rows);
        draw(sums, hour, rows);
      }
      hours.delete(hour.number);
    }
  };
  const worthOf = (check: string, own: Sums): CheckWorth => {
    const late = [...hours.values()].flatMap((hour) => {
      const rows = hour.byCheck.get(check);
      return rows ? [{ hour, rows }] : [];
    });
    const sums = { s: own.s, n: own.n, hours: own.hours, closes: own.closes };
    for (const { rows } of late) count(sums, rows);
    if (own.interval === null) {
      const drawn = { drawnS: Float64Array.from(own.drawnS), drawnN: Float64Array.from(own.drawnN) };
      for (const { hour, rows } of late) draw(drawn, hour, rows);
      own.interval = intervalOf({ ...sums, ...drawn });
    }
    const [low, high] = own.interval ?? [null, null];
    return {
      check,
      refused: own.refused,
      settled: own.settled,
      closes: sums.closes,
      hours: sums.hours,
      wouldDollars: sums.n === 0 ? null : sums.s / sums.n,
      lowDollars: low,
      highDollars: high,
    };
  };

  return {
    decided: ({ ticker, proposal, failing }) => {
      const [check] = failing;
      if (check === undefined) return;
      sumsOf(check).refused++;
      changed = true;
      const { side, limitTicks, feeDollars } = proposal;
      if (feeDollars === null || !(limitTicks > 0 && limitTicks < DOLLAR_TICKS)) return;
      const price = limitTicks / DOLLAR_TICKS;
      const cost = (side === 'bid' ? price : 1 - price) + feeDollars;
      const byCheck = open.get(ticker) ?? new Map<string, Refused>();
      if (!open.has(ticker)) {
        if (open.size >= MOST_OPEN) open.delete(open.keys().next().value as string);
        open.set(ticker, byCheck);
      }
      const row = byCheck.get(check) ?? { count: 0, ifYes: 0, ifNo: 0 };
      row.count++;
      row.ifYes += (side === 'bid' ? 1 : 0) - cost;
      row.ifNo += (side === 'bid' ? 0 : 1) - cost;
      byCheck.set(check, row);
    },
    settled: (ticker, result, closeAt, at) => {
      const rows = open.get(ticker);
      open.delete(ticker);
      finish(at);
      if (!rows || closeAt === undefined) return;
      const number = Math.ceil(closeAt / HOUR);
      const hour: Hour = hours.get(number) ?? {
        number,
        toldAt: at,
        weights: blockWeights(number),
        byCheck: new Map(),
      };
      hour.toldAt = at;
      hours.set(number, hour);
      for (const [check, { count, ifYes, ifNo }] of rows) {
        const own = hour.byCheck.get(check) ?? { s: 0, n: 0, closes: new Set() };
        own.s += (result === 'yes' ? ifYes : ifNo) / count;
        own.n++;
        own.closes.add(closeAt);
        hour.byCheck.set(check, own);
        const sums = sumsOf(check);
        sums.settled += count;
        sums.interval = null;
      }
      changed = true;
    },
    read: () => {
      if (!changed) return undefined;
      changed = false;
      return [...checks].map(([check, sums]) => worthOf(check, sums)).sort((a, b) => b.refused - a.refused);
    },
  };
}
