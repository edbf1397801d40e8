import type { Mark } from '../../src/console/state.ts';

/** How each mark looks and what it means; each differs by word, letter, colour and shape. */
export const MARKS: Readonly<
  Record<
    Mark,
    { readonly letter: string; readonly colour: string; readonly shape: string; readonly means: string }
  >
> = {
  SIMULATED: {
    letter: 'S',
    colour: '#0b6e74',
    shape: '<circle cx="16" cy="16" r="16" fill="COLOUR"/>',
    means: 'an emulated market, no money',
  },
  PAPER: {
    letter: 'P',
    colour: '#6a3fb5',
    shape: '<path d="M16 0 32 16 16 32 0 16Z" fill="COLOUR"/>',
    means: 'the real market, no money',
  },
  LIVE: {
    letter: 'L',
    colour: '#c01622',
    shape: '<rect width="32" height="32" fill="COLOUR"/>',
    means: 'the real market and real money',
  },
  REPLAY: {
    letter: 'R',
    colour: '#55606c',
    shape: '<path d="M0 0H26L32 16 26 32H0Z" fill="COLOUR"/>',
    means: 'a recording, nothing happens now',
  },
};
