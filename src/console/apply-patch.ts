import {
  type ConsoleMaps,
  type ConsolePatch,
  type ConsoleRings,
  type ConsoleState,
  RING_MOST,
} from './state.ts';

type Maps = ConsoleState['maps'];
type Rings = ConsoleState['rings'];

/**
 * The state after a patch; what did not change is shared with `state`. Returns undefined if the patch is not
 * the next one: the reader then takes a snapshot.
 */
export function applyPatch(state: ConsoleState, patch: ConsolePatch): ConsoleState | undefined {
  if (patch.patch !== state.patch + 1) return undefined;
  const maps: Record<keyof Maps, Readonly<Record<string, unknown>>> = { ...state.maps };
  for (const name of Object.keys(patch.maps ?? {}) as (keyof ConsoleMaps)[]) {
    const changed: Record<string, unknown> = { ...maps[name] };
    for (const [key, fields] of Object.entries(patch.maps?.[name] ?? {}))
      if (fields === null) delete changed[key];
      else changed[key] = { ...(changed[key] as object | undefined), ...fields };
    maps[name] = changed;
  }
  const rings: Record<keyof Rings, readonly unknown[]> = { ...state.rings };
  for (const name of Object.keys(patch.rings ?? {}) as (keyof ConsoleRings)[])
    rings[name] = [...rings[name], ...(patch.rings?.[name] ?? [])].slice(-RING_MOST[name]);
  return {
    patch: patch.patch,
    seq: patch.seq,
    at: patch.at,
    values: { ...state.values, ...patch.values },
    maps: maps as Maps,
    rings: rings as Rings,
  };
}
