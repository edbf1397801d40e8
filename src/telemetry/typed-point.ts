import type { Micros } from '../domain/time.ts';
import type { measurements } from './measurements.ts';
import type { Point } from './point.ts';

/** Tags and fields by measurement. */
export type Catalogue = typeof measurements;

/**
 * A list of one point. It is typed by the catalogue, so that a name outside the catalogue does not compile.
 */
export const point = <Name extends keyof Catalogue>(
  measurement: Name,
  at: Micros,
  tags: Readonly<Record<keyof Catalogue[Name]['tags'], string>>,
  fields: Readonly<Partial<Record<keyof Catalogue[Name]['fields'], Point['fields'][string]>>>,
): readonly Point[] => [{ measurement, at, tags: tags as Point['tags'], fields: fields as Point['fields'] }];

/** The series of a ticker, which is its first part: KXBTC15M of KXBTC15M-26MAY110145-45. */
export const seriesOf = (ticker: string): string => ticker.split('-', 1)[0] || ticker;
