import { printable } from '../domain/printable.ts';

/** Long enough for every sentence of ours; a screen is not filled by one text of a venue. */
const MOST = 2_000;

/**
 * A line as a person may see it: nothing in it moves the cursor, turns it around or ends it. Spaces at its
 * beginning stay.
 */
export const screenLine = (line: string): string => {
  const [indent = ''] = /^ */.exec(line) ?? [];
  return indent + printable(line.slice(indent.length), MOST);
};
