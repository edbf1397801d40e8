import { MARKS } from '../words/marks.ts';
import { titleOf } from '../words/title-of.ts';
import type { Replica } from './replica.ts';

const iconOf = (letter: string, colour: string, shape: string): string =>
  `data:image/svg+xml,${encodeURIComponent(
    `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 32 32">${shape.replace('COLOUR', colour)}<text x="16" y="23" font-family="sans-serif" font-weight="bold" font-size="19" text-anchor="middle" fill="white">${letter}</text></svg>`,
  )}`;

/** Shows in the tab how real the lane is, by title and icon. It works while the tab is in the background. */
export function showMark({ link, state }: Replica): void {
  const title = titleOf(link, state);
  if (document.title !== title) document.title = title;
  if (!state) return;
  const { mark } = state.values.lane;
  if (document.documentElement.dataset['mark'] === mark) return;
  document.documentElement.dataset['mark'] = mark;
  const { letter, colour, shape } = MARKS[mark];
  document.querySelector('link[rel=icon]')?.setAttribute('href', iconOf(letter, colour, shape));
}
