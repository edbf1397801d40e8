import type { Hue } from './hue.ts';

/** What stands at the place a reader points at: a title and lines of a name and a value. */
export interface Reading {
  readonly title: string;
  readonly rows: readonly {
    readonly name: string;
    readonly value: string;
    readonly hue?: Hue;
  }[];
}

/** A reading as one sentence for a screen reader. */
export const readingWords = ({ title, rows }: Reading): string =>
  `${title}: ${rows.map(({ name, value }) => `${name} ${value}`.trim()).join(', ')}.`;
