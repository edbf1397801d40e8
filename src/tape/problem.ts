/**
 * A problem of a tape. Reading goes on. `line` counts from 1; `excerpt` is the line's first 200 characters.
 * `damaged` is a hole in a gzip file: `bytes` of the file are of no member whose checksum holds, and are left
 * out; `goesOn` is false if nothing follows them. `repeated` is a tape that was named before. `jump` is time
 * that leaps forward by more than a day within a tape, for good. `empty` is a tape in a folder without a whole frame, as a
 * crash leaves when the tape has just begun. `backwards` is reported once, at the end: `lines` frames were
 * stamped before their predecessor, by up to `largestMicros`.
 */
export type TapeProblem =
  | {
      readonly kind: 'badLine';
      readonly path: string;
      readonly line: number;
      readonly why: string;
      readonly excerpt: string;
    }
  | { readonly kind: 'empty'; readonly path: string }
  | {
      readonly kind: 'damaged';
      readonly path: string;
      readonly afterLine: number;
      readonly why: string;
      readonly bytes: number;
      readonly goesOn: boolean;
    }
  | { readonly kind: 'repeated'; readonly path: string }
  | { readonly kind: 'jump'; readonly path: string; readonly line: number; readonly micros: number }
  | {
      readonly kind: 'backwards';
      readonly path: string;
      readonly lines: number;
      readonly largestMicros: number;
    };
