import type { After } from '../../../src/telemetry/timers.ts';

/** A clock that a test moves: timers run in order of their time. */
export function handTimers() {
  let now = 0;
  let number = 0;
  const timers = new Map<number, { readonly at: number; readonly run: () => void }>();
  const after: After = (millis, run) => {
    const id = ++number;
    timers.set(id, { at: now + millis, run });
    return () => timers.delete(id);
  };
  /** What is under way settles, so that timers that follow from it exist. */
  const settled = () => new Promise<void>((resolve) => setImmediate(resolve));
  return {
    after,
    now: () => now,
    pending: () => timers.size,
    settled,
    run: async (millis: number): Promise<void> => {
      const until = now + millis;
      await settled();
      for (;;) {
        const [id, next] = [...timers].sort(([a, x], [b, y]) => x.at - y.at || a - b)[0] ?? [];
        if (id === undefined || !next || next.at > until) break;
        timers.delete(id);
        now = next.at;
        next.run();
        await settled();
      }
      now = until;
    },
  };
}
