/**
 * What was wrong with a tape; reading goes on, or ends early at `damaged`. `line` counts from 1, `excerpt` is the line's first 200 characters.
 * `empty` is a tape of a folder that holds no whole frame, as a crash leaves one that was just begun.
 * `backwards` comes once, at the end: `lines` frames were stamped before their predecessor, by up to `largestMicros`.
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
