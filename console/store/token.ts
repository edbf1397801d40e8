import { tokenOf } from './token-of.ts';

const KEY = 'voltage-token';

/**
 * Takes the operator's token out of the address, so that it stands neither on the screen nor in the history, and
 * keeps it for this tab alone.
 */
export function takeToken(): void {
  const token = tokenOf(location.hash);
  if (token === undefined) return;
  sessionStorage.setItem(KEY, token);
  history.replaceState(null, '', '#/now');
}

/** The token that this tab was opened with, if any. */
export const token = (): string | undefined => sessionStorage.getItem(KEY) ?? undefined;
