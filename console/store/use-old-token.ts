import { useEffect, useState } from 'preact/hooks';
import { ask } from './ask.ts';
import type { Replica } from './replica.ts';
import { token } from './token.ts';

const AGAIN_MS = 4_000;

/**
 * True once the lane refuses the token of this tab: it is of an earlier run. Asked whenever the link changes, and
 * again while nothing comes, since a lane may want the token for reading too.
 */
export function useOldToken(link: Replica['link']): boolean {
  const [isOld, setOld] = useState(false);
  useEffect(() => {
    if (token() === undefined) return undefined;
    const ended = new AbortController();
    const look = (): void => {
      ask('/api/token', { signal: ended.signal })
        .then(async (answer) => {
          if (answer.ok) setOld((await answer.json()).good === false);
        })
        // Nobody answers: the link says so.
        .catch(() => {});
    };
    look();
    const again = link === 'live' ? undefined : setInterval(look, AGAIN_MS);
    return () => {
      clearInterval(again);
      ended.abort();
    };
  }, [link]);
  return isOld;
}
