import type { ContractBookChanged, ContractBookView } from '../../domain/events/market.ts';

/** The whole books that a paper venue fills from. */
export interface PaperBooks {
  /** Takes a change; the resulting book, undefined if it was let go. */
  readonly apply: (event: ContractBookChanged) => ContractBookView | undefined;
  readonly get: (ticker: string) => ContractBookView | undefined;
  readonly forget: (ticker: string) => void;
  readonly clear: () => void;
}

/**
 * Books that somebody else in the same graph keeps: by the time of an event its change is in them. To rebuild
 * each book a second time cost a tenth of the whole graph.
 */
export const keptBooks = (bookOf: (ticker: string) => ContractBookView | undefined): PaperBooks => ({
  apply: ({ ticker }) => bookOf(ticker),
  get: bookOf,
  forget: () => {},
  clear: () => {},
});
