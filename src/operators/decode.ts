import { Observable, type OperatorFunction } from 'rxjs';
import type { Gap, Recovered, VenueEvent } from '../domain/events/venue.ts';
import type {
  ConnectionFrame,
  Frame,
  RestFrame,
  SessionFrame,
  TickFrame,
  WireFrame,
} from '../domain/frame.ts';
import type { Micros } from '../domain/time.ts';
import type { Venue } from '../domain/venues.ts';

/** A venue's codec: total, so that any text gives events and none throws. */
export type Decoder = (text: string, receivedAt: Micros) => readonly VenueEvent[];

/** Reads a REST body; total like a `Decoder`. A resource it does not know gives nothing. */
export type RestDecoder = (resource: string, text: string, receivedAt: Micros) => readonly VenueEvent[];

/** A venue's codecs. */
export interface VenueCodec {
  readonly wire: Decoder;
  readonly rest: RestDecoder;
}

/** What flows through the graph after decoding: venues' events, gaps and their ends, and the frames that carry no venue's text. */
export type Decoded = VenueEvent | Gap | Recovered | Exclude<Frame, WireFrame | RestFrame | TickFrame>;

const VENUES: readonly Venue[] = ['kraken', 'coinbase', 'kalshi'];

const voided = (
  { at }: SessionFrame | ConnectionFrame,
  venue: Venue,
  cause: 'session' | 'disconnect',
  scope: string,
  detail: string,
): Gap => ({ kind: 'gap', at, receivedAt: at, venue, cause, scope, detail });

/**
 * Turns frames into events, one codec a venue. A session frame first voids every venue's state with a `gap`, then passes on; a connection that
 * closed or shed frames first voids its venue's state likewise. Ticks end here: they have moved the clock by being there.
 * `codecs` is called once a subscription, since a codec may keep state.
 */
export function decode(codecs: () => Readonly<Record<Venue, VenueCodec>>): OperatorFunction<Frame, Decoded> {
  return (source) =>
    new Observable((to) => {
      const codecOf = codecs();
      return source.subscribe({
        next: (frame) => {
          switch (frame.kind) {
            case 'wire':
              for (const event of codecOf[frame.venue].wire(frame.text, frame.at)) to.next(event);
              return;
            case 'rest':
              for (const event of codecOf[frame.venue].rest(frame.resource, frame.text, frame.at))
                to.next(event);
              return;
            case 'tick':
              return;
            case 'session':
              for (const venue of VENUES)
                to.next(voided(frame, venue, 'session', frame.name, 'a session begins'));
              to.next(frame);
              return;
            case 'connection':
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
