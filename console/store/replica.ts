import { applyPatch } from '../../src/console/apply-patch.ts';
import type { ConsolePatch, ConsoleState } from '../../src/console/state.ts';

/** What the page knows of the lane. Wall times are milliseconds since the Unix epoch. */
export interface Replica {
  readonly state: ConsoleState | undefined;
  /** `opening` until the first snapshot; `lost` once nothing more comes, with all numbers old. */
  readonly link: 'opening' | 'live' | 'lost';
  /** When the last word of the lane came. */
  readonly heardMs: number;
}

/** What comes of the lane, or of its absence. */
export type Heard =
  | { readonly kind: 'snapshot'; readonly state: ConsoleState; readonly wallMs: number }
  | { readonly kind: 'patch'; readonly patch: ConsolePatch; readonly wallMs: number }
  /** The lane lives, and so many patches were sent. */
  | { readonly kind: 'beat'; readonly patch: number; readonly wallMs: number }
  | { readonly kind: 'lost' };

/** The replica after a word, and whether a snapshot must be asked for. */
export interface Next {
  readonly replica: Replica;
  readonly wantsSnapshot: boolean;
}

/** A page that has heard nothing. */
export const noReplica = (wallMs: number): Replica => ({
  state: undefined,
  link: 'opening',
  heardMs: wallMs,
});

/**
 * The replica after one word of the lane. Whatever does not continue the state exactly, such as a patch after a
 * hole, a patch of another run, or a beat that counts more patches, leaves the state as it is, marks it lost and
 * wants a snapshot: what was missed is never guessed, and old numbers are never called live.
 */
export function hear(replica: Replica, heard: Heard): Next {
  const live = (state: ConsoleState, heardMs: number): Next => ({
    replica: { state, link: 'live', heardMs },
    wantsSnapshot: false,
  });
  const { state } = replica;
  if (heard.kind === 'snapshot') return live(heard.state, heard.wallMs);
  const lost: Replica = { ...replica, link: state ? 'lost' : 'opening' };
  if (heard.kind === 'lost') return { replica: lost, wantsSnapshot: false };
  if (state) {
    const next = heard.kind === 'patch' ? applyPatch(state, heard.patch) : state;
    if (next && (heard.kind === 'patch' || heard.patch === state.patch)) return live(next, heard.wallMs);
  }
  return { replica: lost, wantsSnapshot: true };
}
