/** The colours that canvases are painted with, each a custom property of the page's style. */
export const HUES = [
  'ground',
  'panel',
  'line',
  'ink',
  'ink-soft',
  'accent',
  'good',
  'warn',
  'bad',
  'band',
  'chart-1',
  'chart-2',
  'chart-3',
  'chart-4',
  'chart-5',
  'chart-6',
  'chart-7',
] as const;

/** Name of a colour: the custom property without its dashes. */
export type Hue = (typeof HUES)[number];

export type Colours = Readonly<Record<Hue, string>>;
