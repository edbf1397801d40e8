import type { AuditEvent } from '../../src/domain/events/audit.ts';
import type { Gap } from '../../src/domain/events/venue.ts';
import { isSpotVenue } from '../../src/domain/venues.ts';
import type { FeedCommand } from '../../src/transport/feed.ts';

const commandOf = ({ venue, cause, scope, missing }: Gap): FeedCommand | undefined => {
  switch (cause) {
    case 'checksum':
    case 'sequence':
    case 'negativeLevel':
      return { kind: 'resync', venue, cause, scope };
    case 'tradeId':
      return missing && isSpotVenue(venue)
        ? { kind: 'backfill', venue, symbol: scope, ...missing }
        : undefined;
    case 'session':
    case 'disconnect':
    case 'history':
      return undefined;
  }
};

/**
 * The command that an event of the graph sends to a live feed: subscribe again to a broken book, or fetch
 * missed trades. A session or a disconnect sends none, because the feed itself knows that it is not
 * connected.
 */
export const feedCommand = (event: AuditEvent): FeedCommand | undefined =>
  event.kind === 'gap' ? commandOf(event) : undefined;
