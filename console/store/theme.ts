/** How the page is coloured: by the system's wish, or by the operator's. */
export type Theme = 'light' | 'dark';

const KEY = 'voltage-theme';
const dark = matchMedia('(prefers-color-scheme: dark)');

/** The operator's own choice, or the system's. */
export function themeNow(): Theme {
  const chosen = localStorage.getItem(KEY);
  if (chosen === 'light' || chosen === 'dark') return chosen;
  return dark.matches ? 'dark' : 'light';
}

/** Colours the page. */
export const showTheme = (theme: Theme): void => {
  document.documentElement.dataset['theme'] = theme;
};

/** Keeps the operator's choice, for this browser. */
export const keepTheme = (theme: Theme): void => localStorage.setItem(KEY, theme);

/** Calls back when the system's wish changes; returns what ends it. */
export function onSystemTheme(then: () => void): () => void {
  dark.addEventListener('change', then);
  return () => dark.removeEventListener('change', then);
}
