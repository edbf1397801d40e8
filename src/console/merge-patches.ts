import { type ConsolePatch, type ConsoleRings, type ConsoleValues, RING_MOST } from './state.ts';

type Maps = NonNullable<ConsolePatch['maps']>;
type Rings = { [Key in keyof ConsoleRings]?: readonly ConsoleRings[Key][] };

type Entries = Readonly<Record<string, object | null>>;

/** The changes of entries, one after the other: an entry that left and came again came whole. */
const merged = (before: Entries = {}, after: Entries): Entries => {
  const all: Record<string, object | null> = { ...before };
  for (const [key, fields] of Object.entries(after))
    all[key] = fields === null ? null : { ...all[key], ...fields };
  return all;
};

/**
 * One patch that does what all of them do, one after the other; it has the numbers of the last. Undefined for
 * none.
 */
export function mergePatches(patches: readonly ConsolePatch[]): ConsolePatch | undefined {
  const last = patches.at(-1);
  if (!last || patches.length === 1) return last;
  const values: Partial<ConsoleValues> = Object.assign({}, ...patches.map((patch) => patch.values));
  const maps: Record<string, Entries> = {};
  const rings: Record<string, readonly unknown[]> = {};
  for (const patch of patches) {
    for (const [name, changed] of Object.entries(patch.maps ?? {})) maps[name] = merged(maps[name], changed);
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
