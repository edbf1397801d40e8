import { setTimeout as waited } from 'node:timers/promises';

const LOOK_MS = 50;
const MOST_LOOKS = 1_200;

/**
 * Checks again until what was under way has arrived: for states that stand still and must come to this. Throws what
 * `check` threw last if it never passes.
 */
export async function eventually(check: () => void): Promise<void> {
  for (let looks = 0; looks < MOST_LOOKS; looks++) {
    try {
      check();
      return;
    } catch {
      await waited(LOOK_MS);
    }
  }
  check();
}
