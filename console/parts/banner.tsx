import type { Replica } from '../store/replica.ts';
import { useOldToken } from '../store/use-old-token.ts';
import { clock } from '../words/format.ts';

/**
 * Says that nothing comes any more, since when, and how old the numbers are; or that the lane was started anew and
 * refuses what this tab may want to do. Nothing while all is well.
 */
export function Banner({ replica: { state, link, heardMs } }: { readonly replica: Replica }) {
  const isOld = useOldToken(link);
  const isLost = link === 'lost' && state !== undefined;
  if (!isLost && !isOld) return null;
  return (
    <p class="banner" role="alert">
      {isLost ? (
        <>
          <b>Not connected since {clock(1_000 * heardMs)} UTC.</b> All numbers are as of {clock(state.at)} and
          may be wrong by now. The page tries again by itself; the lane may run on.{' '}
        </>
      ) : null}
      {isOld ? (
        <>
          <b>The lane was started anew, and the token of this tab is of the run before.</b> Nothing can be
          halted from here: open the address that the lane printed at its start, with all that follows the #.
        </>
      ) : null}
    </p>
  );
}
