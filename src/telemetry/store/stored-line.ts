import type { Point } from '../point.ts';

/** A point as one line of JSON, without the line end. */
export const storedLine = ({ measurement, at, tags, fields }: Point): string =>
  JSON.stringify({ measurement, at, tags, fields });

/** The point of a line; undefined for a line that is torn. */
export function readStoredLine(line: string): Point | undefined {
  try {
    const { measurement, at, tags, fields } = JSON.parse(line) as Point;
    return typeof measurement === 'string' && Number.isSafeInteger(at) && tags && fields
      ? { measurement, at, tags, fields }
      : undefined;
  } catch {
    return undefined;
  }
}
