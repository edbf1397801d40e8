import type { ConsoleState, LimitUse } from '../../src/console/state.ts';
import type { Replica } from '../store/replica.ts';
import type { Route } from '../store/route.ts';
import type { Theme } from '../store/theme.ts';
import { Now } from './now.tsx';

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

/** The screen that the address names. */
export function ScreenOf(props: ScreenProps) {
  return <Now {...props} />;
}
