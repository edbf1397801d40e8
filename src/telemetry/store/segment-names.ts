/** A file of lines that is being written. */
export const PART = '.ndjson.part';
/** A file of lines that is full. */
export const LINES = '.ndjson';
/** A folder of Parquet files, one a measurement. */
export const PARQUET = '.parquet';
/** What was damaged in a file of lines. */
export const TORN = '.torn';

const STEM = /^points-(\d{13})-(\d{4,})(\.ndjson\.part|\.ndjson|\.parquet\.part|\.parquet|\.torn)$/;

/** What a name in a lane's folder stands for. */
export interface SegmentName {
  /** All files of one stretch of points have it. */
  readonly stem: string;
  /** When its first point was taken, by our clock. */
  readonly beganMillis: number;
  readonly ending: string;
}

/** The name of a stretch: when it began, and its number in the process, so that names sort by time. */
export const stemOf = (beganMillis: number, number: number): string =>
  `points-${String(beganMillis).padStart(13, '0')}-${String(number).padStart(4, '0')}`;

/** Reads a name; undefined for a file that is not the store's own, which is never touched. */
export function segmentName(name: string): SegmentName | undefined {
  const [, began, number, ending] = STEM.exec(name) ?? [];
  return began === undefined || number === undefined || ending === undefined
    ? undefined
    : { stem: `points-${began}-${number}`, beganMillis: Number(began), ending };
}
