import type { Gap } from '../../src/domain/events/venue.ts';
import type { FeedCommand } from '../../src/transport/feed.ts';
import type { Audit } from '../graph.ts';

const commandOf = ({ venue, cause, scope, missing }: Gap): FeedCommand | undefined => {
  switch (cause) {
    case 'checksum':
    case 'sequence':
    case 'negativeLevel':
      return { kind: 'resync', venue, cause, scope };
    case 'tradeId':
      return venue === 'kraken' && missing
        ? { kind: 'backfill', venue, symbol: scope, ...missing }
        : undefined;
    case 'session':
    case 'disconnect':
      return undefined;
  }
};

/**
 * What a finding of the graph asks of a live feed: a book that broke is asked for anew, missed trades are fetched. A session or a disconnect asks for
 * nothing: the feed itself knows that it is not connected.
 */
export const feedCommand = (event: Audit): FeedCommand | undefined =>
  event.kind === 'gap' ? commandOf(event) : undefined;
