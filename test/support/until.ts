import { setTimeout as waited } from 'node:timers/promises';

const LOOK_MS = 10;
/** Far above what a busy machine needs, and below the time of a test: what never comes is named, and looked for no longer. */
const MOST_LOOKS = 40_000;

/**
 * Looks until `holds` is true. Counts its looks and not the time, so that a machine that stalls costs none.
 * Throws a sentence with `what` if it never comes, and what `holds` throws.
 */
export async function until(what: string, holds: () => boolean | Promise<boolean>): Promise<void> {
  for (let looks = 0; !(await holds()); looks++) {
    if (looks >= MOST_LOOKS) throw new Error(`until: ${what} has not come in ${MOST_LOOKS} looks`);
    await waited(LOOK_MS);
  }
}
