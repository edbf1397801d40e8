import type { Fault } from './fault.ts';

/** Faults that go on for a while. */
export interface LastingFaults {
  /** Starts one now, or prolongs it. */
  readonly begin: (fault: Fault) => void;
  /**
   * The value of a fault that strikes now, or `undefined` if none does. `only` is what it would strike;
   * a fault without a choice strikes everything.
   */
  readonly active: (
    kind: Fault['kind'],
    venue: Fault['venue'],
    only?: string,
  ) => { readonly value: number | undefined } | undefined;
  /** As `active`, without the faults that strike everything. */
  readonly alone: (
    kind: Fault['kind'],
    venue: Fault['venue'],
    only: string,
  ) => { readonly value: number | undefined } | undefined;
  /** As `active`, for a call: it uses up one of the calls that the fault may strike. */
  readonly strike: (kind: Fault['kind'], venue: Fault['venue'], call: string | undefined) => boolean;
}

interface Lasting {
  readonly untilMs: number;
  readonly value: number | undefined;
  /** Calls that it may still strike. */
  left: number;
}

/** Faults by kind, venue and choice, on a clock in milliseconds. */
export function lastingFaults(now: () => number): LastingFaults {
  const found = new Map<string, Lasting>();
  const at = (kind: string, venue: string, only: string | undefined): Lasting | undefined => {
    // Every text and every call asks, and mostly there is none.
    if (found.size === 0) return undefined;
    const fault = found.get(`${kind} ${venue} ${only ?? ''}`);
    return fault && now() < fault.untilMs ? fault : undefined;
  };
  return {
    begin: ({ kind, venue, only, spanMs, value }) => {
      const key = `${kind} ${venue} ${only ?? ''}`;
      const before = found.get(key)?.untilMs ?? 0;
      found.set(key, {
        untilMs: Math.max(before, now() + spanMs),
        value,
        left: value ?? Number.POSITIVE_INFINITY,
      });
    },
    active: (kind, venue, only) =>
      (only === undefined ? undefined : at(kind, venue, only)) ?? at(kind, venue, undefined),
    alone: at,
    strike: (kind, venue, call) => {
      for (const fault of [
        call === undefined ? undefined : at(kind, venue, call),
        at(kind, venue, undefined),
      ]) {
        if (!fault || fault.left < 1) continue;
        fault.left--;
        return true;
      }
      return false;
    },
  };
}
