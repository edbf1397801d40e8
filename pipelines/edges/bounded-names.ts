import type { CodecEvent } from '../../src/domain/events/venue.ts';
import { HOUR, type Micros } from '../../src/domain/time.ts';
import type { Venue } from '../../src/domain/venues.ts';
import type { VenueCodec } from '../../src/operators/decode.ts';
import { rejectedFrame } from '../../src/transport/rejected-frame.ts';

/**
 * Most names that a venue may bring up anew within an hour. Kalshi lists some hundreds of markets an hour.
 */
const MOST_NEW_NAMES = 4_096;
/** Most characters of a name. */
const MOST_CHARACTERS = 64;

/** An event of our own orders has the time of its receipt only. */
const receiptOf = (event: CodecEvent): Micros => ('receivedAt' in event ? event.receivedAt : event.at);

/** The name under which an event is kept; undefined if nothing is kept under a name of the venue's choice. */
function nameOf(event: CodecEvent): string | undefined {
  switch (event.kind) {
    // A delta of a market without a book is dropped by the books. It is first here, since most events are
    // deltas.
    case 'contractDelta':
      return undefined;
    case 'contractSnapshot':
    case 'contractTicker':
    case 'contractTrade':
    case 'contractLifecycle':
    case 'feeTerms':
    case 'venuePosition':
    case 'venueSettlement':
      return event.ticker;
    case 'contractListed':
      return event.contract.ticker;
    case 'krakenBook':
    case 'krakenInstrument':
    case 'krakenOhlc':
    case 'spotTrade':
      return event.symbol;
    case 'orderGroup':
      return event.groupId;
    default:
      return undefined;
  }
}

/**
 * A codec that rejects events with too many new names, so that no map that is keyed by a venue's names grows
 * without a bound. A name is new if it was not among the last `MOST_NEW_NAMES` to twice as many.
 */
export function boundedNames(venue: Venue, { wire, rest, ...codec }: VenueCodec): VenueCodec {
  let young = new Set<string>();
  let old: ReadonlySet<string> = young;
  let added = 0;
  let sinceAt: Micros = Number.NEGATIVE_INFINITY;
  let last: string | undefined;

  const isKnown = (name: string, at: Micros): boolean => {
    if (name === last || young.has(name)) {
      last = name;
      return true;
    }
    if (name.length > MOST_CHARACTERS) return false;
    if (!(at - sinceAt < HOUR)) {
      sinceAt = at;
      added = 0;
    }
    if (!old.has(name)) {
      if (added >= MOST_NEW_NAMES) return false;
      added++;
    }
    if (young.size >= MOST_NEW_NAMES) {
      old = young;
      young = new Set();
    }
    young.add(name);
    last = name;
    return true;
  };
  const passes = (event: CodecEvent): boolean => {
    const name = nameOf(event);
    return name === undefined || isKnown(name, receiptOf(event));
  };
  const bounded = (events: readonly CodecEvent[], text: string): readonly CodecEvent[] => {
    if (events.length === 1 ? passes(events[0] as CodecEvent) : events.every(passes)) return events;
    return events.map((event) =>
      passes(event)
        ? event
        : rejectedFrame(
            venue,
            text,
            receiptOf(event),
            `more than ${MOST_NEW_NAMES} new names within an hour, or one of more than ${MOST_CHARACTERS} characters: its ${event.kind} is not used`,
          ),
    );
  };
  return {
    ...codec,
    wire: (text, receivedAt, json) => bounded(wire(text, receivedAt, json), text),
    rest: (resource, text, receivedAt) => bounded(rest(resource, text, receivedAt), text),
  };
}
