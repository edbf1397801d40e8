import { fail, ok, type Verdict, warn } from './verdict.ts';

/**
 * A venue's time: it was within [`fromMillis`, `untilMillis`) at some moment between `sentMillis` and
 * `receivedMillis` of this machine's wall clock.
 */
export interface TimeReading {
  readonly fromMillis: number;
  readonly untilMillis: number;
  readonly sentMillis: number;
  readonly receivedMillis: number;
}

const WARN_MS = 1_000;
/** Kalshi refuses signatures whose time is off by more. */
const FAIL_MS = 5_000;

const seconds = (millis: number): string =>
  `${millis < 0 ? '−' : '+'}${(Math.abs(millis) / 1000).toFixed(1)}`;

/**
 * This machine's clock minus a venue's: the middle of the possible range, with half its width as the error.
 */
export function checkClock({ fromMillis, untilMillis, sentMillis, receivedMillis }: TimeReading): Verdict {
  const offset = (sentMillis + receivedMillis - fromMillis - untilMillis) / 2;
  const error = (receivedMillis - sentMillis + untilMillis - fromMillis) / 2;
  const found = `${seconds(offset)} s ± ${(error / 1000).toFixed(1)} s from the venue’s clock`;
  const next =
    'synchronise the clock of this machine by NTP (timedatectl set-ntp true; on Windows w32tm /resync)';
  // NaN fails: it does not show that the clock is right.
  if (!(Math.abs(offset) <= FAIL_MS))
    return fail(found, `${next}: Kalshi refuses signatures made more than 5 s off`);
  return Math.abs(offset) > WARN_MS ? warn(found, next) : ok(found);
}
