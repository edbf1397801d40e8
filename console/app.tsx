import { useEffect, useLayoutEffect, useState } from 'preact/hooks';
import { ActDialog, type Pending } from './acts/act-dialog.tsx';
import type { Answer } from './acts/answer-of.ts';
import { Banner } from './parts/banner.tsx';
import { Header } from './parts/header.tsx';
import { ScreenOf } from './screens/screen-of.tsx';
import type { Replica } from './store/replica.ts';
import { hashOf, type Route, routeOf, SCREENS, type Screen } from './store/route.ts';
import { keepTheme, onSystemTheme, showTheme, themeNow } from './store/theme.ts';
import { ACTS } from './words/act-words.ts';

/** True where a key is text and no command. */
const isTyping = (target: EventTarget | null): boolean =>
  target instanceof HTMLElement && target.closest('input, select, textarea, dialog') !== null;

/** The page over what it knows of the lane. */
export function App({ replica }: { readonly replica: Replica }) {
  const { state, link } = replica;
  const [route, setRoute] = useState<Route>(() => routeOf(location.hash));
  const [theme, setTheme] = useState(themeNow);
  const [pending, setPending] = useState<Pending>();
  const [said, setSaid] = useState('');

  useEffect(() => {
    const follow = (): void => setRoute(routeOf(location.hash));
    addEventListener('hashchange', follow);
    return () => removeEventListener('hashchange', follow);
  }, []);
  useEffect(() => showTheme(theme), [theme]);
  useEffect(() => onSystemTheme(() => setTheme(themeNow())), []);

  const go = (screen: Screen, open?: string): void => {
    location.hash = hashOf(screen, open);
  };
  const acts = state?.values.lane.acts ?? [];
  const mayHalt = acts.includes('halt');
  // With what is drawn and not after it: between the two, the key would still do what the page no longer offers.
  useLayoutEffect(() => {
    const onKey = (event: KeyboardEvent): void => {
      if (isTyping(event.target) || event.ctrlKey || event.metaKey || event.altKey) return;
      const screen = SCREENS[Number(event.key) - 1];
      if (event.key.toLowerCase() === 'h' && mayHalt) {
        event.preventDefault();
        setPending({ act: 'halt' });
      } else if (screen) go(screen[0]);
    };
    addEventListener('keydown', onKey);
    return () => removeEventListener('keydown', onKey);
  });

  // An act that the lane took back does not stand there again when it may be done again.
  const isOver = pending !== undefined && !acts.includes(pending.act);
  useEffect(() => {
    if (isOver) setPending(undefined);
  }, [isOver]);

  const answered = (act: Pending['act'], { ok, text }: Answer): void =>
    setSaid(`${ACTS[act].title}: ${ok ? 'done' : 'not done'}. ${text}`);
  return (
    <div class="page" data-link={link}>
      <Header
        replica={replica}
        screen={route.screen}
        theme={theme}
        onTheme={(chosen) => {
          keepTheme(chosen);
          setTheme(chosen);
        }}
        onAct={(act) => setPending({ act })}
      />
      <Banner replica={replica} />
      <main id="main" tabIndex={-1}>
        {state ? (
          <ScreenOf
            state={state}
            link={link}
            route={route}
            theme={theme}
            onOpen={(open) => go(route.screen, open)}
            onLower={acts.includes('cap') ? (limit) => setPending({ act: 'cap', limit }) : undefined}
          />
        ) : (
          <p class="empty opening">Asking the lane for its state …</p>
        )}
      </main>
      {said === '' ? null : (
        <div class="said" role="status">
          <p>{said}</p>
          <button type="button" class="quiet" onClick={() => setSaid('')}>
            Dismiss
          </button>
        </div>
      )}
      {pending && state && !isOver ? (
        <ActDialog
          pending={pending}
          mark={state.values.lane.mark}
          onClose={() => setPending(undefined)}
          onAnswer={answered}
        />
      ) : null}
    </div>
  );
}
