import type {
  Acknowledgement,
  CodecEvent,
  Rejected,
  StampOffset,
  VenueEvent,
} from '../domain/events/venue.ts';
import type { ClockFrame } from '../domain/frame.ts';
import { MILLISECOND, MINUTE, type Micros, SECOND } from '../domain/time.ts';
import { perVenue, type Venue } from '../domain/venues.ts';

/** A stamp further ahead of its receipt than this is not believed. */
export const MOST_AHEAD_MICROS = 5 * SECOND;
/**
 * The most by which a measured offset corrects a stamp. Beyond it nothing is decided anyway, and a wrong
 * measurement must not let a wrong stamp in.
 */
const MOST_CORRECTION = SECOND;
/** Stamps are compared over two spans of this length: the one that runs and the one before. */
const SPAN = 10 * SECOND;
/**
 * Stamps that must all lie behind receipt before this counts as an offset. A few may have been delayed on
 * their way; a stamp that lies ahead has no such excuse.
 */
const LEAST_BEHIND = 10;
/** A smaller change of the offset is not told. */
const LEAST_CHANGE = 100 * MILLISECOND;
const EXCERPT_CHARACTERS = 200;

/** The extremes of receipt minus stamp over one span. */
interface Lags {
  from: Micros;
  least: Micros;
  most: Micros;
  count: number;
}

interface VenueClock {
  readonly venue: Venue;
  readonly asset: string | undefined;
  now: Lags;
  before: Lags;
  /** The newest believed stamp. */
  lastAt: Micros | undefined;
  told: Micros;
}

const noLags = (from: Micros): Lags => ({
  from,
  least: Number.POSITIVE_INFINITY,
  most: Number.NEGATIVE_INFINITY,
  count: 0,
});

const newClock = (venue: Venue, asset: string | undefined): VenueClock => ({
  venue,
  asset,
  now: noLags(0),
  before: noLags(0),
  lastAt: undefined,
  told: 0,
});

/**
 * Whether the stamp was set as the event left the venue, so that its lag is the way here and the offset of
 * the clocks. What a subscription repeats is older, a candle has the time of its begin, and tickers were
 * recorded with lags of up to 22 s.
 */
function isLive(event: VenueEvent): boolean {
  switch (event.kind) {
    case 'contractDelta':
    case 'contractTrade':
    case 'indexPrint':
      return true;
    case 'krakenBook':
      return !event.snapshot && event.at !== event.receivedAt;
    case 'spotTrade':
      return !event.replayed;
    default:
      return false;
  }
}

/** What keeps a number of the sequence when its event is dropped. */
const numberOf = (
  { kind, receivedAt, sid, seq }: Extract<VenueEvent, { readonly sid: number; readonly seq: number }>,
  venue: Venue,
): Acknowledgement => ({
  kind: 'acknowledgement',
  at: receivedAt,
  receivedAt,
  venue,
  method: kind,
  accepted: true,
  channel: undefined,
  symbol: undefined,
  detail: undefined,
  sid,
  seq,
});

/**
 * What is left of an event whose stamp is not believed. A change that later ones build on (a book's level, a
 * trade's id) keeps its content, and gets the newest believed time of its venue, so that it keeps nothing
 * fresh. A print and a trade of the exchange leave the number of their sequence. What belongs to its own time
 * or only shows that a venue speaks leaves nothing.
 */
function remainder(event: VenueEvent, venue: Venue, lastAt: Micros | undefined): VenueEvent | undefined {
  switch (event.kind) {
    case 'indexPrint':
    case 'contractTrade':
      return numberOf(event, venue);
    case 'krakenOhlc':
    case 'contractTicker':
    case 'heartbeat':
      return undefined;
    default:
      return { ...event, at: Math.min(lastAt ?? event.receivedAt, event.receivedAt) };
  }
}

/** Why the stamp is not believed; undefined if it is. The text does not vary, so that it can be counted. */
function complaint(event: VenueEvent, correction: Micros): string | undefined {
  const { kind, at, receivedAt } = event;
  // Written so that NaN is not believed.
  if (!(at <= receivedAt + correction + MOST_AHEAD_MICROS))
    return `${kind}: stamped more than ${MOST_AHEAD_MICROS / SECOND} s ahead of its receipt`;
  if (!(at > 0)) return `${kind}: stamped before 1970`;
  if (kind === 'krakenOhlc' && at % MINUTE !== 0) return `${kind}: must begin on a whole minute`;
  return undefined;
}

/** Holds the stamps of every venue against our clock. */
export interface VenueClocks {
  /** Gives `out` what may enter the graph of an event that came in the frame `text` of a venue. */
  readonly admit: (
    venue: Venue,
    event: CodecEvent,
    text: string,
    out: (event: CodecEvent | StampOffset) => void,
  ) => void;
  /** Notes a measurement of a venue's clock. */
  readonly measured: (frame: ClockFrame) => void;
  /** Forgets what was learnt of a venue, or of all. */
  readonly forget: (venue?: Venue) => void;
}

/**
 * Holds every stamp of every venue and kind against the time of its receipt, corrected by the measured offset
 * of the clocks. A stamp more than five seconds ahead of it, or before 1970, and a candle that begins between
 * two minutes are told as `rejected`, and the event's remainder passes. So no stamp becomes a mark that all
 * later ones fall short of. A stamp of the past passes: its reader treats it as late.
 *
 * The stamps of the last ten to twenty seconds also reveal an offset of the clocks, which is told as
 * `stampOffset` whenever it changes by a tenth of a second, and each ten seconds while it is not 0: the venue
 * is ahead if all its stamps are ahead of receipt, and behind if ten or more over a whole span are all
 * behind. A single wrong stamp among right ones reveals nothing. `keyOf` names an event's asset: what its
 * stamps reveal concerns that asset alone, so that one asset's frames cannot stop another's decisions.
 */
export function venueClocks(keyOf: (event: VenueEvent) => string | undefined = () => undefined): VenueClocks {
  const none = () => new Map<string | undefined, VenueClock>();
  let clocks = perVenue(none);
  // Most events are of the venue and the asset before, which costs no look-up.
  let last: VenueClock | undefined;
  const clockOf = (venue: Venue, asset: string | undefined): VenueClock => {
    if (last !== undefined && last.venue === venue && last.asset === asset) return last;
    let clock = clocks[venue].get(asset);
    if (!clock) {
      clock = newClock(venue, asset);
      clocks[venue].set(asset, clock);
    }
    last = clock;
    return clock;
  };
  /** Added to times of receipt before stamps are held against them: the newest measurement, of any venue. */
  let correction: Micros = 0;

  const offsetOf = ({ now, before }: VenueClock): Micros => {
    const most = Math.max(now.most, before.most);
    if (most < 0) return -most;
    const least = Math.min(now.least, before.least);
    return least > 0 && before.count > 0 && before.count + now.count >= LEAST_BEHIND ? 0 - least : 0;
  };
  const note = (
    clock: VenueClock,
    at: Micros,
    receivedAt: Micros,
    out: (event: StampOffset) => void,
  ): void => {
    let { now } = clock;
    const over = !(receivedAt < now.from + SPAN);
    if (over) {
      clock.before = receivedAt < now.from + 2 * SPAN ? now : noLags(now.from);
      now = noLags(Math.floor(receivedAt / SPAN) * SPAN);
      clock.now = now;
    }
    const lag = receivedAt - at;
    if (lag < now.least) now.least = lag;
    if (lag > now.most) now.most = lag;
    now.count++;
    const offset = offsetOf(clock);
    if (!(Math.abs(offset - clock.told) >= LEAST_CHANGE || (over && offset !== 0))) return;
    clock.told = offset;
    const { venue, asset } = clock;
    out({ kind: 'stampOffset', at: receivedAt, receivedAt, venue, asset, offsetMicros: offset });
  };

  return {
    admit: (venue, event, text, out) => {
      // What became of our own orders builds nothing on its stamp.
      if (!('receivedAt' in event)) {
        out(event);
        return;
      }
      const { at, receivedAt } = event;
      const clock = clockOf(venue, keyOf(event));
      if (isLive(event) && Number.isFinite(at)) note(clock, at, receivedAt, out);
      const why = event.kind === 'rejected' ? undefined : complaint(event, correction);
      if (why === undefined) {
        if (at !== receivedAt && !(at < (clock.lastAt ?? 0))) clock.lastAt = at;
        out(event);
        return;
      }
      const rejected: Rejected = {
        kind: 'rejected',
        at: receivedAt,
        receivedAt,
        venue,
        why,
        excerpt: `stamp ${at} µs, receipt ${receivedAt} µs: ${text.slice(0, EXCERPT_CHARACTERS)}`,
      };
      out(rejected);
      const rest = remainder(event, venue, clock.lastAt);
      if (rest) out(rest);
    },
    measured: ({ offsetMicros }) => {
      correction = Math.max(-MOST_CORRECTION, Math.min(MOST_CORRECTION, offsetMicros));
    },
    forget: (venue) => {
      last = undefined;
      if (venue !== undefined) {
        clocks[venue] = none();
        return;
      }
      clocks = perVenue(none);
      correction = 0;
    },
  };
}
