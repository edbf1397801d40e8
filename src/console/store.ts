import type { Micros } from '../domain/time.ts';
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
  const maps = perName(MAPS, () => new Map<string, unknown>());
  const rings = perName(RINGS, (): unknown[] => []);
  let newValues: Record<string, unknown> = {};
  const newEntries = perName(MAPS, () => new Map<string, unknown>());
  const newItems = perName(RINGS, (): unknown[] => []);

  const take: Store['take'] = (seqNow, atNow) => {
    const changedMaps = MAPS.filter((name) => newEntries[name].size > 0);
    const changedRings = RINGS.filter((name) => newItems[name].length > 0);
    const valuesChanged = Object.keys(newValues).length > 0;
    if (!valuesChanged && changedMaps.length === 0 && changedRings.length === 0) return undefined;
    seq = seqNow;
    at = atNow;
    patch++;
    const taken = {
      patch,
      seq,
      at,
      ...(valuesChanged && { values: newValues }),
      ...(changedMaps.length > 0 && {
        maps: Object.fromEntries(changedMaps.map((name) => [name, Object.fromEntries(newEntries[name])])),
      }),
      ...(changedRings.length > 0 && {
        rings: Object.fromEntries(changedRings.map((name) => [name, newItems[name].slice(-RING_MOST[name])])),
      }),
    } as ConsolePatch;
    values = { ...values, ...newValues };
    newValues = {};
    for (const name of changedMaps) {
      for (const [key, view] of newEntries[name])
        if (view === null) maps[name].delete(key);
        else maps[name].set(key, view);
      newEntries[name].clear();
    }
    for (const name of changedRings) {
      for (const item of newItems[name]) rings[name].push(item);
      bounded(rings[name], RING_MOST[name]);
      newItems[name] = [];
    }
    return taken;
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
