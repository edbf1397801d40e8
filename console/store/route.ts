/** The screens, in the order of their tabs. */
export const SCREENS = [
  ['now', 'Now'],
  ['charts', 'Charts'],
  ['decisions', 'Decisions'],
  ['orders', 'Orders'],
  ['quality', 'Quality'],
  ['feeds', 'Feeds'],
  ['log', 'Log'],
] as const;

/** A screen. */
export type Screen = (typeof SCREENS)[number][0];

/** Where the page is: a screen, and what is open beside it. */
export interface Route {
  readonly screen: Screen;
  /** An open contract's ticker, or the number of an open decision. */
  readonly open: string | undefined;
}

/** Reads the address's fragment, such as `#/now/TICKER`; what is not known is the first screen. */
export function routeOf(hash: string): Route {
  const [, name, open] = /^#\/([a-z]+)(?:\/(.+))?$/.exec(hash) ?? [];
  const known = SCREENS.find(([screen]) => screen === name);
  if (!known) return { screen: 'now', open: undefined };
  return { screen: known[0], open: open === undefined ? undefined : decoded(open) };
}

/** The fragment of a place, read back equal by `routeOf`. */
export const hashOf = (screen: Screen, open?: string): string =>
  `#/${screen}${open === undefined ? '' : `/${encodeURIComponent(open)}`}`;

// A fragment is typed by people too; one that cannot be decoded is taken as it is.
function decoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}
