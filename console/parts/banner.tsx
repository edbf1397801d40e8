import type { Replica } from '../store/replica.ts';
import { clock } from '../words/format.ts';

/** Says that nothing comes any more, since when, and how old the numbers are; nothing while all is well. */
export function Banner({ replica: { state, link, heardMs } }: { readonly replica: Replica }) {
  if (link !== 'lost' || !state) return null;
  return (
    <p class="banner" role="alert">
      <b>Not connected since {clock(1_000 * heardMs)} UTC.</b> All numbers are as of {clock(state.at)} and may
      be wrong by now. The page tries again by itself; the lane may run on.
    </p>
  );
}
