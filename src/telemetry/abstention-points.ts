import type { Decision } from '../domain/events/decision.ts';
import { MINUTE, type Micros } from '../domain/time.ts';
import type { Point } from './point.ts';
import { point, seriesOf } from './typed-point.ts';

/** Counts the decisions of each minute by the check that refused first. */
export interface AbstentionPoints {
  readonly add: (decision: Decision) => void;
  /** The counts of the minutes that are over at `now`. */
  readonly take: (now: Micros) => readonly Point[];
}

/** A count a series and check; a minute in which no decision was refused has none. */
export function abstentionPoints(): AbstentionPoints {
  const minutes = new Map<Micros, Map<string, Map<string, number>>>();
  return {
    add: ({ at, ticker, failing: [check] }) => {
      if (check === undefined) return;
      const minute = Math.floor(at / MINUTE) * MINUTE;
      let series = minutes.get(minute);
      if (!series) {
        series = new Map();
        minutes.set(minute, series);
      }
      const name = seriesOf(ticker);
      let checks = series.get(name);
      if (!checks) {
        checks = new Map();
        series.set(name, checks);
      }
      checks.set(check, (checks.get(check) ?? 0) + 1);
    },
    take: (now) => {
      const over: Point[] = [];
      for (const [minute, bySeries] of minutes) {
        if (minute + MINUTE > now) continue;
        minutes.delete(minute);
        for (const [series, checks] of bySeries)
          for (const [check, count] of checks)
            over.push(...point('abstention', minute, { series, check }, { count }));
      }
      return over;
    },
  };
}
