import type { Micros } from '../domain/time.ts';
import { changedFields } from './changed-fields.ts';
import {
  type ConsoleMaps,
  type ConsolePatch,
  type ConsoleRings,
  type ConsoleState,
  type ConsoleValues,
  RING_MOST,
} from './state.ts';

/** Where the parts of the model write what changed. */
export interface Draw {
  readonly value: <Name extends keyof ConsoleValues>(name: Name, value: ConsoleValues[Name]) => void;
  /** Replaces one entry; null takes it away. */
  readonly entry: <Name extends keyof ConsoleMaps>(
    name: Name,
    key: string,
    view: ConsoleMaps[Name] | null,
  ) => void;
  readonly push: <Name extends keyof ConsoleRings>(name: Name, item: ConsoleRings[Name]) => void;
}

/** The state as of the last patch, and what changed since. */
export interface Store extends Draw {
  /** What changed since the patch before; undefined if nothing did. It is then part of the state. */
  readonly take: (seq: number, at: Micros) => ConsolePatch | undefined;
  readonly snapshot: () => ConsoleState;
}

const MAPS = [
  'assets',
  'contracts',
  'payoffs',
  'orders',
  'feeds',
] as const satisfies readonly (keyof ConsoleMaps)[];
const RINGS = Object.keys(RING_MOST) as readonly (keyof ConsoleRings)[];

const perName = <Name extends string, T>(names: readonly Name[], of: () => T): Record<Name, T> =>
  Object.fromEntries(names.map((name) => [name, of()])) as Record<Name, T>;

/** What there is of each name; undefined if nothing is. */
const named = <Name extends string, T>(
  names: readonly Name[],
  of: (name: Name) => T | undefined,
): Partial<Record<Name, T>> | undefined => {
  let all: Partial<Record<Name, T>> | undefined;
  for (const name of names) {
    const one = of(name);
    if (one === undefined) continue;
    all ??= {};
    all[name] = one;
  }
  return all;
};

/** Drops what a ring has too much at its beginning; only now and then, since it moves the rest. */
const bounded = (ring: unknown[], most: number): void => {
  if (ring.length > 2 * most) ring.splice(0, ring.length - most);
};

/** Opens a store with these values and with nothing in its maps and rings. */
export function store(initial: ConsoleValues): Store {
  let values = initial;
  let patch = 0;
  let seq = 0;
  let at: Micros = 0;
  const maps = perName(MAPS, () => new Map<string, object>());
  const rings = perName(RINGS, (): unknown[] => []);
  let newValues: Record<string, unknown> = {};
  const newEntries = perName(MAPS, () => new Map<string, object | null>());
  const newItems = perName(RINGS, (): unknown[] => []);

  /** Makes the new entries part of the state; what changed of them, or undefined if nothing did. */
  const takeEntries = (name: keyof ConsoleMaps): Record<string, object | null> | undefined => {
    let taken: Record<string, object | null> | undefined;
    for (const [key, view] of newEntries[name]) {
      const changed = view === null ? null : changedFields(maps[name].get(key), view);
      if (view === null) maps[name].delete(key);
      else maps[name].set(key, view);
      if (changed === undefined) continue;
      taken ??= {};
      taken[key] = changed;
    }
    newEntries[name].clear();
    return taken;
  };
  const takeItems = (name: keyof ConsoleRings): readonly unknown[] | undefined => {
    const items = newItems[name];
    if (items.length === 0) return undefined;
    for (const item of items) rings[name].push(item);
    bounded(rings[name], RING_MOST[name]);
    newItems[name] = [];
    return items.length > RING_MOST[name] ? items.slice(-RING_MOST[name]) : items;
  };
  const take: Store['take'] = (seqNow, atNow) => {
    const newMaps = named(MAPS, takeEntries);
    const newRings = named(RINGS, takeItems);
    const taken = newValues;
    newValues = {};
    const hasValues = Object.keys(taken).length > 0;
    if (!hasValues && !newMaps && !newRings) return undefined;
    seq = seqNow;
    at = atNow;
    patch++;
    if (hasValues) values = { ...values, ...taken };
    return {
      patch,
      seq,
      at,
      ...(hasValues && { values: taken }),
      ...(newMaps && { maps: newMaps }),
      ...(newRings && { rings: newRings }),
    } as ConsolePatch;
  };

  return {
    value: (name, value) => {
      newValues[name] = value;
    },
    entry: (name, key, view) => {
      if (view === null && !maps[name].has(key)) newEntries[name].delete(key);
      else newEntries[name].set(key, view);
    },
    push: (name, item) => {
      newItems[name].push(item);
      bounded(newItems[name], RING_MOST[name]);
    },
    take,
    snapshot: () =>
      ({
        patch,
        seq,
        at,
        values,
        maps: Object.fromEntries(MAPS.map((name) => [name, Object.fromEntries(maps[name])])),
        rings: Object.fromEntries(RINGS.map((name) => [name, rings[name].slice(-RING_MOST[name])])),
      }) as unknown as ConsoleState,
  };
}
