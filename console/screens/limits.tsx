import type { LimitUse } from '../../src/console/state.ts';
import { Bar } from '../parts/bar.tsx';
import { capName } from '../words/cap-name.ts';
import { limitShare, limitTone, limitWords } from '../words/limit-words.ts';

interface Props {
  readonly limits: readonly LimitUse[];
  /** Asks to lower a limit; undefined where that is not allowed. */
  readonly onLower: ((limit: LimitUse) => void) | undefined;
}

/** Exposure against limits, each as a bar. */
export function Limits({ limits, onLower }: Props) {
  if (limits.length === 0)
    return (
      <section class="limits panel" aria-label="Exposure against limits">
        <p class="empty">No limit is known yet: they come with the first decision.</p>
      </section>
    );
  return (
    <section class="limits panel" aria-label="Exposure against limits">
      {limits.map((limit) => {
        const share = limitShare(limit);
        const [used, of] = limitWords(limit);
        return (
          <div class="limit" key={limit.name}>
            <p class="title">
              {limit.title}
              {onLower && capName(limit.name) !== undefined ? (
                <button type="button" class="quiet" onClick={() => onLower(limit)}>
                  lower<span class="unseen"> {limit.title}</span>
                </button>
              ) : null}
            </p>
            <Bar share={share} tone={limitTone(share)} />
            <p class="use">
              <b>{used}</b> <span>{of}</span>
            </p>
          </div>
        );
      })}
    </section>
  );
}
