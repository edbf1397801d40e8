import type { ConsoleState } from '../../src/console/state.ts';
import type { Replica } from '../store/replica.ts';

/** The title of the page's tab: how real the lane is, the state word, and whose it is. */
export function titleOf(link: Replica['link'], state: ConsoleState | undefined): string {
  if (!state) return 'voltage: connecting';
  const { lane, word } = state.values;
  return `${lane.mark} · ${link === 'lost' ? 'NOT CONNECTED' : word.word} · ${lane.name}`;
}
