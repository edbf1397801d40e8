import { Observable } from 'rxjs';
import type { OpenGateway } from './gateway.ts';
import { type PaperVenue, paperVenue } from './paper/venue.ts';
import type { ExecutionSettings } from './settings.ts';

/**
 * A gateway that fills from the market it watches, as a lower bound of what the venue would have done (design §8).
 * Taking: the order meets the book as it stands one latency after it was sent, level by level up to its limit, less what earlier paper
 * orders took there. A book that is out of sequence or crossed gives nothing.
 * Resting: with public trades, a trade beyond the limit fills, or one at it once the queue of the join has traded; until the first trade of a
 * session is seen, tickers fill by half the rise of their volume and only when the last price is strictly beyond the limit.
 * An order that is resting ends by cancel, expiry, close, halt of the contract, or the end of the session. After a mere disconnect it rests on,
 * but nothing that happened in the hole fills it. Fees and cash are exact to the venue's rounding; `cash` assumes no netting.
 * `events$` takes one subscriber at a time and ends with an error of the market or when unsubscribed.
 */
export function paperGateway(settings: ExecutionSettings): OpenGateway {
  return (clock, market$) => {
    let open: PaperVenue | undefined;
    return {
      events$: new Observable((to) => {
        if (open)
          throw new Error('paperGateway: events$ takes one subscriber at a time, was subscribed twice');
        const running = paperVenue(settings, clock, (event) => to.next(event));
        open = running;
        const market = market$.subscribe({
          next: (event) => {
            try {
              running.observe(event);
            } catch (cause) {
              to.error(cause);
            }
          },
          error: (cause: unknown) => to.error(cause),
        });
        return () => {
          market.unsubscribe();
          running.close();
          open = undefined;
        };
      }),
      send: (command) => {
        if (!open) throw new Error(`paperGateway: send needs a subscriber of events$, was ${command.kind}`);
        open.send(command);
      },
    };
  };
}
