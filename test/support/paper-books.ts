import type { PaperBooks } from '../../src/execution/paper/paper-books.ts';
import type { ContractBook } from '../../src/venues/kalshi/book.ts';
import { createBook } from '../../src/venues/kalshi/book.ts';

/** Books for a paper venue that stands alone: rebuilt from the changes that it is given. */
export function paperBooks(): PaperBooks {
  const books = new Map<string, ContractBook>();
  return {
    apply: ({ ticker, change }) => {
      let book = books.get(ticker);
      if (!book) {
        book = createBook(ticker);
        books.set(ticker, book);
      }
      switch (change.kind) {
        case 'delta':
          book.change(change.side, change.priceTicks, change.change);
          break;
        case 'snapshot':
          book.load(change.bids, change.asks);
          break;
        case 'void':
          book.quarantine();
          break;
      }
      return book;
    },
    get: (ticker) => books.get(ticker),
    forget: (ticker) => {
      books.delete(ticker);
    },
    clear: () => books.clear(),
  };
}
