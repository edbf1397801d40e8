import { setTimeout as waited } from 'node:timers/promises';

/** A closing socket or a dying child takes a moment, and the machine may stall. */
const LEAVE_MS = 30_000;
const LOOK_MS = 20;

/**
 * What keeps this process alive now: how many of each kind, by Node's own names.
 *
 * @returns {ReadonlyMap<string, number>}
 */
export function openResources() {
  const counts = new Map();
  for (const kind of process.getActiveResourcesInfo()) counts.set(kind, (counts.get(kind) ?? 0) + 1);
  return counts;
}

/**
 * Waits until nothing more is open than `before`, and says what is in the end: `2 TCPServerWrap, 1 Timeout`;
 * undefined if nothing is.
 *
 * @param {ReadonlyMap<string, number>} before
 * @param {number} [mostMs] How long it waits, wall time.
 * @returns {Promise<string | undefined>}
 */
export async function stillOpen(before, mostMs = LEAVE_MS) {
  for (let passedMs = 0; ; passedMs += LOOK_MS) {
    const more = [...openResources()].flatMap(([kind, count]) => {
      const by = count - (before.get(kind) ?? 0);
      return by > 0 ? [`${by} ${kind}`] : [];
    });
    if (more.length === 0) return undefined;
    if (passedMs >= mostMs) return more.join(', ');
    await waited(LOOK_MS);
  }
}
