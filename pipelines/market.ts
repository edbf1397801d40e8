import { merge, type OperatorFunction, pipe } from 'rxjs';
import type { Settings } from '../src/config/settings.ts';
import type {
  ContractBookChanged,
  ContractChanged,
  KrakenBookChecked,
  SpotTop,
} from '../src/domain/events/market.ts';
import type { Frame } from '../src/domain/frame.ts';
import { connectByKind } from '../src/operators/connect-by-kind.ts';
import { type Decoded, decode } from '../src/operators/decode.ts';
import { decodeCoinbase } from '../src/venues/coinbase/codec.ts';
import { kalshiBooks } from '../src/venues/kalshi/books.ts';
import { kalshiDecoder } from '../src/venues/kalshi/codec.ts';
import { contracts } from '../src/venues/kalshi/contracts.ts';
import { kalshiRestDecoder } from '../src/venues/kalshi/rest-codec.ts';
import { krakenBooks } from '../src/venues/kraken/books.ts';
import { decodeKraken } from '../src/venues/kraken/codec.ts';
import { decodeKrakenRest } from '../src/venues/kraken/rest-codec.ts';
import { krakenTrades } from '../src/venues/kraken/trades.ts';

/** What is known of the venues: their own events, and the books and contracts made of them. */
export type VenueState = Decoded | KrakenBookChecked | SpotTop | ContractBookChanged | ContractChanged;

/** Frames that take sequence numbers of a Kalshi subscription. */
const KALSHI_SEQUENCED = [
  'contractDelta',
  'contractSnapshot',
  'contractTrade',
  'contractLifecycle',
  'indexPrint',
  'acknowledgement',
] as const;

/** Events of the feeds that are of use as they are; the rest serve only what is built from them. */
const PLAIN = [
  'rejected',
  'gap',
  'acknowledgement',
  'venueStatus',
  'heartbeat',
  'session',
  'outcome',
  'command',
  'connection',
  'clock',
  'recovered',
  'spotTrade',
  'krakenOhlc',
  'indexPrint',
  'contractTicker',
  'contractTrade',
] as const;

/**
 * The graph's first half: frames to events, trades held together, books and contracts rebuilt, every hole found. What only records needs no more
 * than this.
 */
export function venueState(
  settings: Pick<Settings, 'kraken' | 'kalshi'>,
): OperatorFunction<Frame, VenueState> {
  const codecs = () => ({
    kraken: { wire: decodeKraken, rest: decodeKrakenRest },
    coinbase: { wire: decodeCoinbase, rest: () => [] },
    kalshi: { wire: kalshiDecoder(settings.kalshi), rest: kalshiRestDecoder(settings.kalshi) },
  });
  return pipe(
    decode(codecs),
    krakenTrades(),
    connectByKind((of) =>
      merge(
        of(...PLAIN),
        of('krakenBook', 'krakenInstrument', 'gap').pipe(krakenBooks({ depth: settings.kraken.bookDepth })),
        of(...KALSHI_SEQUENCED, 'gap').pipe(kalshiBooks()),
        of('contractLifecycle', 'contractListed', 'feeTerms', 'gap').pipe(contracts(settings.kalshi)),
      ),
    ),
  );
}
