import { useEffect, useState } from 'preact/hooks';
import type { DecisionView } from '../../src/console/state.ts';
import { ask } from './ask.ts';

/** A decision that was asked of the lane. */
export type AskedDecision =
  | { readonly kind: 'asking' }
  | { readonly kind: 'got'; readonly decision: DecisionView }
  | { readonly kind: 'none'; readonly why: string };

/** A decision by its number, with its findings. While another is asked for, the one before stays. */
export function useDecision(id: number | string): AskedDecision {
  const [asked, setAsked] = useState<AskedDecision>({ kind: 'asking' });
  useEffect(() => {
    const ended = new AbortController();
    ask(`/api/decisions/${encodeURIComponent(id)}`, { signal: ended.signal })
      .then(async (answer) =>
        answer.ok
          ? setAsked({ kind: 'got', decision: (await answer.json()) as DecisionView })
          : setAsked({ kind: 'none', why: `The lane does not keep decision ${id} any more.` }),
      )
      .catch(() => {
        if (!ended.signal.aborted) setAsked({ kind: 'none', why: 'The lane cannot be reached.' });
      });
    return () => ended.abort();
  }, [id]);
  return asked;
}
