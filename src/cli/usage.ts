import { existsSync } from 'node:fs';
import { InvalidArgumentError } from 'commander';
import type { Micros } from '../domain/time.ts';

/** Exit code if the command line or the configuration cannot be used; the reason is on stderr. */
export const EXIT_USAGE = 2;

/**
 * A problem in the user's input that was found after parsing. It is reported without a stack, with exit code
 * 2.
 */
export class UsageError extends Error {}

/** Commander parser for a path that must exist. */
export function existing(path: string): string {
  if (!existsSync(path)) throw new InvalidArgumentError(`there is no ${path}.`);
  return path;
}

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
 * Commander parser for a UTC date or time (`2026-05-11` or `2026-05-11T00:00:00Z`), as microseconds since the
 * epoch.
 */
export function utc(text: string): Micros {
  const iso = /^\d{4}-\d\d-\d\d$/.test(text) ? `${text}T00:00:00Z` : text;
  const milliseconds = /Z$/.test(iso) ? Date.parse(iso) : Number.NaN;
  if (Number.isNaN(milliseconds))
    throw new InvalidArgumentError('a UTC date such as 2026-05-11 or 2026-05-11T00:00:00Z is needed.');
  return milliseconds * 1000;
}
