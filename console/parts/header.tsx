import { useEffect, useRef } from 'preact/hooks';
import type { Act } from '../../src/console/state.ts';
import type { Replica } from '../store/replica.ts';
import { hashOf, SCREENS, type Screen } from '../store/route.ts';
import type { Theme } from '../store/theme.ts';
import { ACTS } from '../words/act-words.ts';
import { clock, day } from '../words/format.ts';
import { MARKS } from '../words/marks.ts';

interface Props {
  readonly replica: Replica;
  readonly screen: Screen;
  readonly theme: Theme;
  readonly onTheme: (theme: Theme) => void;
  readonly onAct: (act: Act) => void;
}

/** Acts beside the halt, which has its own button. */
const OTHERS = ['resume', 'cancelAll', 'flatten'] as const;

/** What is seen on every screen: how real it is, the state word, the time, the way to each screen, and the halt. */
export function Header({ replica: { state, link }, screen, theme, onTheme, onAct }: Props) {
  const lane = state?.values.lane;
  const acts = lane?.acts ?? [];
  const top = useRef<HTMLElement>(null);
  // What opens beside a screen lies below the head, however high that is.
  useEffect(() => {
    const head = top.current;
    if (!head) return undefined;
    const sized = new ResizeObserver(() =>
      document.documentElement.style.setProperty('--top', `${head.offsetHeight}px`),
    );
    sized.observe(head);
    return () => sized.disconnect();
  }, []);
  return (
    <header class="top" ref={top}>
      <button type="button" class="skip" onClick={() => document.getElementById('main')?.focus()}>
        Skip to the screen
      </button>
      <div class="mark-band" />
      <div class="line">
        <p class="lane">
          <span class="mark">{lane?.mark ?? '…'}</span>
          <span class="means">
            <b>{lane ? lane.name : 'voltage'}</b>
            <span class="soft">{lane ? `${MARKS[lane.mark].means}, ${lane.label}` : 'connecting'}</span>
          </span>
        </p>
        <p class="time">
          <b>{clock(state?.at)}</b>
          <span class="soft">{state ? `${day(state.at)} UTC` : 'UTC'}</span>
        </p>
        <p class={`word-small ${link === 'lost' ? 'UNKNOWN' : (state?.values.word.word ?? '')}`}>
          {link === 'lost' ? 'NOT CONNECTED' : (state?.values.word.word ?? '')}
        </p>
        <div class="acts">
          {OTHERS.filter((act) => acts.includes(act)).map((act) => (
            <button key={act} type="button" onClick={() => onAct(act)}>
              {ACTS[act].title}
            </button>
          ))}
          {acts.length > 0 || !lane ? null : <span class="soft">read-only</span>}
        </div>
        {acts.includes('halt') ? (
          <button type="button" class="halt" aria-keyshortcuts="h" onClick={() => onAct('halt')}>
            HALT <kbd>H</kbd>
          </button>
        ) : null}
      </div>
      <nav aria-label="Screens">
        <ul>
          {SCREENS.map(([name, title]) => (
            <li key={name}>
              <a href={hashOf(name)} aria-current={name === screen ? 'page' : undefined}>
                {title}
              </a>
            </li>
          ))}
        </ul>
        <button
          type="button"
          class="quiet theme"
          onClick={() => onTheme(theme === 'dark' ? 'light' : 'dark')}
        >
          {theme === 'dark' ? 'Light' : 'Dark'}
        </button>
      </nav>
    </header>
  );
}
