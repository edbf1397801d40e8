/**
 * The place of a venue's message among all its messages, so that messages that came over several connections
 * can be told apart. `ordered`: within `key` the venue's stamps `at` never go back, and messages of one stamp
 * are told apart by `identity` and by how many were alike. `event`: it may come at any time and has no stamp;
 * one of the same `identity` says nothing new. `whole`: it replaces what was said of `key` before. `own`: it
 * is of one connection and means nothing on another.
 */
export type FrameMark =
  | { readonly kind: 'ordered'; readonly key: string; readonly at: number; readonly identity: string }
  | { readonly kind: 'event'; readonly identity: string }
  | { readonly kind: 'whole'; readonly key: string }
  | { readonly kind: 'own' };

/** The numbers by which a venue counts the messages of one subscription. */
export interface FrameNumbers {
  /** Name of what is subscribed, the same on every connection. */
  readonly channel: string;
  /** The connection's own number of the subscription. */
  readonly sid: number;
  /** The message's number in the subscription; undefined where the venue does not count them. */
  readonly seq: number | undefined;
}

/** What merging connections must know of a venue's texts. */
export interface MarkReader {
  /** Reads a mark. Never throws: a text that it does not know is `own`. */
  readonly mark: (text: string) => FrameMark;
  /** Reads the numbers of a text, for a venue that counts; remembers what each sid was granted for. */
  readonly numbers?: (text: string) => FrameNumbers | undefined;
  /** The text with other numbers. `seq` is written only where the text has one. */
  readonly renumbered?: (text: string, sid: number, seq: number | undefined) => string;
}
