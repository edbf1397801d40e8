import { rfc3339Micros } from '../domain/rfc3339.ts';
import { DAY, type Micros } from '../domain/time.ts';
import { UsageError } from './usage.ts';

const WITH_ZONE = /^(\d{4}-\d\d-\d\d)[Tt ](\d\d:\d\d)(:\d\d(?:\.\d{1,9})?)?([Zz]|[+-]\d\d:\d\d)$/;
const OF_DAY = /^(\d\d:\d\d)(:\d\d(?:\.\d{1,9})?)?[Zz]?$/;

/** A UTC day and time as people read it, such as `2026-06-01 14:25:00`. */
export const dayTime = (at: Micros): string =>
  new Date(at / 1000).toISOString().replace('T', ' ').slice(0, 19);

/**
 * The time that `--at` names: ISO 8601 with its zone, or a UTC time of day, which is taken on the day of the
 * run. Throws UsageError for what names no time, and for a time of day that a run of several days has more
 * than once.
 */
export function runTime(text: string, run: { readonly first: Micros; readonly last: Micros }): Micros {
  const [, day, minute, seconds = ':00', zone = ''] = WITH_ZONE.exec(text) ?? [];
  if (day !== undefined) {
    const at = rfc3339Micros(`${day}T${minute}${seconds}${zone.toUpperCase()}`);
    if (at === undefined) throw new UsageError(`--at ${text}: there is no such time`);
    return at;
  }
  const [, time, rest = ':00'] = OF_DAY.exec(text) ?? [];
  if (time === undefined)
    throw new UsageError(
      `--at ${text}: a time with its zone is needed, such as 2026-06-01T14:25:00Z, or a UTC time of day, such as 14:25`,
    );
  const days: Micros[] = [];
  for (let midnight = Math.floor(run.first / DAY) * DAY; midnight <= run.last; midnight += DAY) {
    const at = rfc3339Micros(`${new Date(midnight / 1000).toISOString().slice(0, 10)}T${time}${rest}Z`);
    if (at === undefined) throw new UsageError(`--at ${text}: there is no such time of day`);
    days.push(at);
    if (days.length > 400) break;
  }
  const inside = days.filter((at) => at >= run.first && at <= run.last);
  const [only, ...others] = inside.length > 0 ? inside : days;
  if (only === undefined || others.length > 0)
    throw new UsageError(
      `--at ${text}: the run goes from ${dayTime(run.first)} to ${dayTime(run.last)} UTC and has that time of day more than once; name the day too, such as ${new Date((only ?? run.first) / 1000).toISOString().slice(0, 19)}Z`,
    );
  return only;
}
