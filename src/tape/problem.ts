/**
 * A problem of a tape. Reading goes on, except after `damaged`, where it ends early. `line` counts from 1;
 * `excerpt` is the line's first 200 characters. `empty` is a tape in a folder without a whole frame, as a
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
  | { readonly kind: 'damaged'; readonly path: string; readonly afterLine: number; readonly why: string }
  | {
      readonly kind: 'backwards';
      readonly path: string;
      readonly lines: number;
      readonly largestMicros: number;
    };
