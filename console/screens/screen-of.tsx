import type { FunctionComponent } from 'preact';
import type { ConsoleState, LimitUse } from '../../src/console/state.ts';
import { Guarded } from '../parts/guarded.tsx';
import type { Replica } from '../store/replica.ts';
import type { Route, Screen } from '../store/route.ts';
import type { Theme } from '../store/theme.ts';
import { Charts } from './charts.tsx';
import { Decisions } from './decisions.tsx';
import { Feeds } from './feeds.tsx';
import { Forecasts } from './forecasts.tsx';
import { Log } from './log.tsx';
import { Now } from './now.tsx';
import { Orders } from './orders.tsx';
import { ReplayBar } from './replay-bar.tsx';

/** What a screen is given. */
export interface ScreenProps {
  readonly state: ConsoleState;
  readonly link: Replica['link'];
  readonly route: Route;
  /** Charts are drawn anew when it changes. */
  readonly theme: Theme;
  /** Opens something beside the screen, or closes what is open. */
  readonly onOpen: (open?: string) => void;
  readonly onLower: ((limit: LimitUse) => void) | undefined;
}

const SCREEN_OF: Readonly<Record<Screen, FunctionComponent<ScreenProps>>> = {
  now: Now,
  charts: Charts,
  decisions: Decisions,
  orders: Orders,
  quality: Forecasts,
  feeds: Feeds,
  log: Log,
};

/** The screen that the address names; a recording has its time line above. */
export function ScreenOf(props: ScreenProps) {
  const { state, route } = props;
  const Shown = SCREEN_OF[route.screen];
  return (
    <>
      {state.values.lane.mark === 'REPLAY' ? <ReplayBar at={state.at} /> : null}
      <Guarded key={route.screen}>
        <Shown {...props} />
      </Guarded>
    </>
  );
}
