import {
  type ConsoleMaps,
  type ConsolePatch,
  type ConsoleRings,
  type ConsoleValues,
  RING_MOST,
} from './state.ts';

type Maps = { [Key in keyof ConsoleMaps]?: Readonly<Record<string, ConsoleMaps[Key] | null>> };
type Rings = { [Key in keyof ConsoleRings]?: readonly ConsoleRings[Key][] };

/**
 * One patch that does what all of them do, one after the other; it has the numbers of the last. Undefined for
 * none.
 */
export function mergePatches(patches: readonly ConsolePatch[]): ConsolePatch | undefined {
  const last = patches.at(-1);
  if (!last || patches.length === 1) return last;
  const values: Partial<ConsoleValues> = Object.assign({}, ...patches.map((patch) => patch.values));
  const maps: Record<string, object> = {};
  const rings: Record<string, readonly unknown[]> = {};
  for (const patch of patches) {
    for (const [name, changed] of Object.entries(patch.maps ?? {}))
      maps[name] = { ...maps[name], ...changed };
    for (const [name, more] of Object.entries(patch.rings ?? {}))
      rings[name] = [...(rings[name] ?? []), ...more];
  }
  for (const name of Object.keys(rings) as (keyof ConsoleRings)[])
    rings[name] = (rings[name] ?? []).slice(-RING_MOST[name]);
  return {
    patch: last.patch,
    seq: last.seq,
    at: last.at,
    values,
    maps: maps as Maps,
    rings: rings as Rings,
  };
}
