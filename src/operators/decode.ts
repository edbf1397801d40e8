import { Observable, type OperatorFunction } from 'rxjs';
import type { GatewayEvent } from '../domain/events/order.ts';
import type { CodecEvent, Gap, Recovered, StampOffset, VenueEvent } from '../domain/events/venue.ts';
import type {
  ConnectionFrame,
  Frame,
  RequestFrame,
  RestFrame,
  SessionFrame,
  TickFrame,
  WireFrame,
} from '../domain/frame.ts';
import type { Micros } from '../domain/time.ts';
import { type Venue, venueNames } from '../domain/venues.ts';
import { follow } from './follow.ts';
import { venueClocks } from './venue-clocks.ts';

/**
 * Decodes a venue's text. It is total: any text gives events and none throws. If a feed has parsed the text
 * already, `json` is the result: the codec then does not parse again, and gives the same events as without.
 */
export type Decoder = (text: string, receivedAt: Micros, json?: unknown) => readonly CodecEvent[];

/** Decodes a REST body; total like a `Decoder`. A resource that it does not know gives no events. */
export type RestDecoder = (resource: string, text: string, receivedAt: Micros) => readonly CodecEvent[];

/**
 * Decodes what became of a request about an order. It is total: it never throws, whatever the answer holds.
 */
export type RequestDecoder = (frame: RequestFrame) => readonly GatewayEvent[];

/** A venue's codecs. Only an exchange has `request`, since orders go to no other venue. */
export interface VenueCodec {
  readonly wire: Decoder;
  readonly rest: RestDecoder;
  readonly request?: RequestDecoder;
}

/**
 * What flows through the graph after decoding: events of venues, gaps and recoveries, and the frames that
 * hold no text of a venue.
 */
export type Decoded =
  | VenueEvent
  | Gap
  | Recovered
  | StampOffset
  | GatewayEvent
  | Exclude<Frame, WireFrame | RestFrame | RequestFrame | TickFrame>;

const voided = (
  { at }: SessionFrame | ConnectionFrame,
  venue: Venue,
  cause: 'session' | 'disconnect',
  scope: string,
  detail: string,
): Gap => ({ kind: 'gap', at, receivedAt: at, venue, cause, scope, detail });

/**
 * Turns frames into events with one codec per venue. Every stamp is held against our clock (`venueClocks`,
 * which takes `keyOf`). Before a session frame it emits a `gap` for every venue; before a connection frame of
 * a closed or shedding connection, a `gap` for that venue. Tick frames are dropped here: the driver has
 * already moved the clock by them. `codecs` is called once per subscription, since a codec may keep state.
 */
export function decode(
  codecs: () => Readonly<Record<Venue, VenueCodec>>,
  keyOf?: (event: VenueEvent) => string | undefined,
): OperatorFunction<Frame, Decoded> {
  return (source) =>
    new Observable((to) => {
      const codecOf = codecs();
      const clocks = venueClocks(keyOf);
      const out = (event: Decoded): void => to.next(event);
      return follow(source, to, {
        next: (frame) => {
          switch (frame.kind) {
            case 'wire':
              for (const event of codecOf[frame.venue].wire(frame.text, frame.at, frame.json))
                clocks.admit(frame.venue, event, frame.text, out);
              return;
            case 'rest':
              for (const event of codecOf[frame.venue].rest(frame.resource, frame.text, frame.at))
                clocks.admit(frame.venue, event, frame.text, out);
              return;
            case 'request':
              for (const event of codecOf[frame.venue].request?.(frame) ?? []) to.next(event);
              return;
            case 'tick':
              return;
            case 'clock':
              clocks.measured(frame);
              to.next(frame);
              return;
            case 'session':
              clocks.forget();
              for (const venue of venueNames)
                to.next(voided(frame, venue, 'session', frame.name, 'a session begins'));
              to.next(frame);
              return;
            case 'connection':
              if (frame.change === 'closed') clocks.forget(frame.venue);
              if (frame.change === 'closed' || frame.change === 'shed')
                to.next(voided(frame, frame.venue, 'disconnect', frame.venue, frame.detail));
              to.next(frame);
              return;
            default:
              to.next(frame);
          }
        },
        error: (cause: unknown) => to.error(cause),
        complete: () => to.complete(),
      });
    });
}
