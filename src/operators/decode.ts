import { Observable, type OperatorFunction } from 'rxjs';
import type { Gap, VenueEvent } from '../domain/events/venue.ts';
import type { Frame, Venue, WireFrame } from '../domain/frame.ts';
import type { Micros } from '../domain/time.ts';

/** A venue's codec: total, so that any text gives events and none throws. */
export type Decoder = (text: string, receivedAt: Micros) => readonly VenueEvent[];

/** What flows through the graph after decoding: venues' events, gaps, and the frames that are no wire text. */
export type Decoded = VenueEvent | Gap | Exclude<Frame, WireFrame>;

const VENUES: readonly Venue[] = ['kraken', 'coinbase', 'kalshi'];

/**
 * Turns frames into events, one codec a venue. A session frame first voids every venue's state with a `gap`, then passes on.
 * `decoders` is called once a subscription, since a codec may keep state.
 */
export function decode(decoders: () => Readonly<Record<Venue, Decoder>>): OperatorFunction<Frame, Decoded> {
  return (source) =>
    new Observable((to) => {
      const codecs = decoders();
      return source.subscribe({
        next: (frame) => {
          if (frame.kind === 'wire') {
            for (const event of codecs[frame.venue](frame.text, frame.at)) to.next(event);
            return;
          }
          if (frame.kind === 'session')
            for (const venue of VENUES)
              to.next({
                kind: 'gap',
                at: frame.at,
                receivedAt: frame.at,
                venue,
                cause: 'session',
                scope: frame.name,
                detail: 'a session begins',
              });
          to.next(frame);
        },
        error: (cause: unknown) => to.error(cause),
        complete: () => to.complete(),
      });
    });
}
