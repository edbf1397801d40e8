import { merge, type OperatorFunction, pipe } from 'rxjs';
import type { Settings } from '../src/config/settings.ts';
import type { Frame } from '../src/domain/frame.ts';
import type { SpotVenue } from '../src/domain/venues.ts';
import { type Decoded, decode } from '../src/operators/decode.ts';
import { route } from '../src/operators/route.ts';
import { assetOf } from '../src/venues/asset-of.ts';
import { type BookShelf, kalshiBooks } from '../src/venues/kalshi/books.ts';
import { contracts } from '../src/venues/kalshi/contracts.ts';
import { firstCloses } from '../src/venues/kalshi/first-closes.ts';
import { krakenBooks } from '../src/venues/kraken/books.ts';
import { krakenTrades } from '../src/venues/kraken/trades.ts';
import { codecsOf } from './edges/codecs.ts';
import { ASSEMBLE, type VenueState } from './routes.ts';

/** The settings that decoding and the books need. */
export type AssembleSettings = Pick<Settings, SpotVenue | 'assets' | 'kalshi'>;

/**
 * The graph's first half. It decodes frames to events, pairs trades with their ids, rebuilds books and
 * contracts, and finds every hole. A lane that only records runs this half alone.
 */
export function assemble(settings: AssembleSettings, shelf?: BookShelf): OperatorFunction<Frame, VenueState> {
  return pipe(
    decode(() => codecsOf(settings), assetOf(settings.assets).event),
    firstCloses(),
    route<Decoded, typeof ASSEMBLE, VenueState>(
      ASSEMBLE,
      () => undefined,
      (at) =>
        merge(
          at('pass'),
          at('trades').pipe(krakenTrades()),
          at('spotBooks').pipe(krakenBooks({ depth: settings.kraken.bookDepth })),
          at('books').pipe(kalshiBooks(shelf)),
          at('contracts').pipe(contracts(settings.assets)),
        ),
    ),
  );
}
