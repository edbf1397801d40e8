import type { Micros } from '../domain/time.ts';
import type { measurements } from './measurements.ts';
import type { Point } from './point.ts';

/** What the database knows: tags and fields by measurement. */
export type Catalogue = typeof measurements;

/** A point, alone in a list; typed by the catalogue, so that a name the database does not know does not compile. */
export const point = <Name extends keyof Catalogue>(
  measurement: Name,
  at: Micros,
  tags: Readonly<Record<Catalogue[Name]['tags'][number], string>>,
  fields: Readonly<Partial<Record<keyof Catalogue[Name]['fields'], Point['fields'][string]>>>,
): readonly Point[] => [{ measurement, at, tags, fields: fields as Point['fields'] }];

/** The series is a ticker's first part: KXBTC15M of KXBTC15M-26MAY110145-45. */
export const seriesOf = (ticker: string): string => ticker.split('-', 1)[0] || ticker;
