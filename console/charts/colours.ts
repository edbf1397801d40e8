import { type Colours, HUES, type Hue } from './hue.ts';

/** Colours as they are now, as the browser computes them, read through an element that lies within `host`. */
export function coloursOf(host: HTMLElement): Colours {
  const probe = host.ownerDocument.createElement('span');
  host.append(probe);
  const computed = getComputedStyle(probe);
  const read = Object.fromEntries(
    HUES.map((hue) => {
      probe.style.color = `var(--${hue})`;
      return [hue, computed.color];
    }),
  ) as Record<Hue, string>;
  probe.remove();
  return read;
}

/**
 * Calls `changed` when the page's colours change: by the system's preference, the theme that the root names, or the
 * state of the link. Returns what ends it.
 */
export function onThemeChange(changed: () => void): () => void {
  const preference = matchMedia('(prefers-color-scheme: dark)');
  const attributes = new MutationObserver(changed);
  preference.addEventListener('change', changed);
  attributes.observe(document.documentElement, {
    subtree: true,
    attributes: true,
    attributeFilter: ['data-theme', 'data-link'],
  });
  return () => {
    preference.removeEventListener('change', changed);
    attributes.disconnect();
  };
}
