import type { JSX } from 'preact';
import type { Hue } from './hue.ts';

/** One entry: a sample of the line, its name and its value now. */
export interface LegendEntry {
  readonly name: string;
  readonly hue: Hue;
  readonly value?: string;
  readonly look?: 'line' | 'dashed' | 'dotted' | 'area' | 'up' | 'down' | 'ring';
}

const sample = (look: LegendEntry['look'] = 'line'): JSX.Element => {
  switch (look) {
    case 'area':
      return <rect x="0" y="1" width="18" height="8" rx="1.5" class="sample-area" />;
    case 'up':
      return <path d="M9 1L14 9H4Z" class="sample-fill" />;
    case 'down':
      return <path d="M9 9L14 1H4Z" class="sample-fill" />;
    case 'ring':
      return <circle cx="9" cy="5" r="3.5" class="sample-ring" />;
    case 'line':
    case 'dashed':
    case 'dotted':
      return <path d="M0 5H18" class={`sample-line sample-${look}`} />;
  }
};

/** What the lines of a chart are, and their values now. */
export function Legend({ entries }: { readonly entries: readonly LegendEntry[] }): JSX.Element {
  return (
    <ul class="chart-legend">
      {entries.map(({ name, hue, value, look }) => (
        <li key={name}>
          <svg class={`hue-${hue}`} width="18" height="10" aria-hidden="true" focusable="false">
            {sample(look)}
          </svg>
          <span>{name}</span>
          {value !== undefined && <b>{value}</b>}
        </li>
      ))}
    </ul>
  );
}
