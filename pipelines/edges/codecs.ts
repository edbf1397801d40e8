import type { Settings } from '../../src/config/settings.ts';
import { spotCodecs, spotMarks } from '../../src/config/venues.ts';
import { perVenue, type SpotVenue, type Venue } from '../../src/domain/venues.ts';
import type { VenueCodec } from '../../src/operators/decode.ts';
import type { MarkReader } from '../../src/transport/frame-mark.ts';
import { kalshiDecoder } from '../../src/venues/kalshi/codec.ts';
import { kalshiMarkReader } from '../../src/venues/kalshi/mark-reader.ts';
import { orderAnswer } from '../../src/venues/kalshi/order-answer.ts';
import { ownOrders } from '../../src/venues/kalshi/own-orders.ts';
import { kalshiRestDecoder } from '../../src/venues/kalshi/rest-codec.ts';
import { boundedNames } from './bounded-names.ts';

/** Fresh readers of what merging must know of every venue's texts. */
export const marksOf = (): Readonly<Record<Venue, MarkReader>> => ({
  ...spotMarks(),
  kalshi: kalshiMarkReader(),
});

/** Fresh codecs of every venue, for one subscription of the graph. */
export const codecsOf = ({
  kalshi,
  assets,
  ...spot
}: Pick<Settings, SpotVenue | 'kalshi' | 'assets'>): Readonly<Record<Venue, VenueCodec>> => {
  const own = ownOrders();
  const codecs = {
    ...spotCodecs(spot),
    kalshi: {
      wire: kalshiDecoder({ useYesPrice: kalshi.useYesPrice, assets, own }),
      rest: kalshiRestDecoder({ assets, own }),
      // Fills come one by one from the fill channel and by REST; the answer's averages would count them
      // twice.
      request: (frame) => orderAnswer(frame).filter(({ kind }) => kind !== 'fill'),
    } satisfies VenueCodec,
  };
  return perVenue((venue) => boundedNames(venue, codecs[venue]));
};
