import { InvalidArgumentError } from 'commander';
import { rfc3339Micros } from '../domain/rfc3339.ts';
import type { Micros } from '../domain/time.ts';

/** Exit code if the command line or the configuration cannot be used; the reason is on stderr. */
export const EXIT_USAGE = 2;

/**
 * A problem in the user's input that was found after parsing. It is reported without a stack, with exit code
 * 2.
 */
export class UsageError extends Error {}

/** Commander parser for an integer within [`least`, `most`]. */
export const integerWithin =
  (least: number, most: number) =>
  (text: string): number => {
    const value = Number(text);
    if (text.trim() === '' || !Number.isInteger(value) || value < least || value > most)
      throw new InvalidArgumentError(`a whole number from ${least} to ${most} is needed.`);
    return value;
  };

/**
 * Commander parser for a UTC date or time, as microseconds since the epoch: `2026-05-11`, `2026-05-11T13:30`
 * or `2026-05-11T13:30:00Z`. A time without a zone is UTC, whatever the machine's own zone; another zone than
 * `Z` is refused.
 */
export function utc(text: string): Micros {
  const [, day, time = '00:00', seconds = ':00'] =
    /^(\d{4}-\d\d-\d\d)(?:T(\d\d:\d\d)(:\d\d(?:\.\d{1,6})?)?Z?)?$/.exec(text) ?? [];
  const micros = day === undefined ? undefined : rfc3339Micros(`${day}T${time}${seconds}Z`);
  if (micros === undefined)
    throw new InvalidArgumentError(
      'a UTC date or time such as 2026-05-11, 2026-05-11T13:30 or 2026-05-11T13:30:00Z is needed.',
    );
  return micros;
}
