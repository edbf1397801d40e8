import type { VariancePath } from '../../src/domain/events/forecast.ts';
import { MINUTE, type Micros } from '../../src/domain/time.ts';

/** A path from the whole minute `fromAt` on, whose variance a minute is what `rate` says of the minute. */
export function minutesOf(
  fromAt: Micros,
  minutes: number,
  rate: (minute: number) => number,
  until = fromAt + minutes * MINUTE,
): VariancePath {
  const cumulative = [0];
  for (let m = 0; m < minutes; m++) cumulative.push((cumulative[m] as number) + rate(m));
  return { fromAt, cumulative, until, at: fromAt, factor: 1 };
}
