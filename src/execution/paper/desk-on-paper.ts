import type { GatewayEvent } from '../../domain/events/order.ts';
import type { Clock } from '../../operators/clock.ts';
import type { Effects, Opened, Reducer } from '../../operators/core.ts';
import type { DeskInput, DeskOutput } from '../desk/desk-events.ts';
import type { ExecutionSettings } from '../settings.ts';
import type { PaperBooks } from './paper-books.ts';
import { paperVenue } from './paper-venue.ts';

/**
 * A desk whose orders go to the paper venue. Both are one reducer, since paper fills depend on the market
 * alone. The venue receives each event before the desk, so that a fill caused by the event is booked before
 * the desk decides on it. Answers that come from the venue's own timers enter by `enqueue`.
 */
export function deskOnPaper(
  desk: Reducer<DeskInput, DeskOutput>,
  settings: ExecutionSettings,
  clock: Clock,
  books: PaperBooks,
  enqueue: (answer: GatewayEvent) => void,
): Opened<DeskInput, DeskOutput> {
  /** Set while the venue handles an event: its answers then belong to that event. */
  let during: Effects<DeskOutput> | undefined;
  const venue = paperVenue(settings, clock, books, (answer: GatewayEvent) => {
    if (during) desk(answer, during);
    else enqueue(answer);
  });
  const withPaper = (effects: Effects<DeskOutput>): Effects<DeskOutput> => ({
    wake: effects.wake,
    emit: (out) => {
      effects.emit(out);
      if (out.kind === 'orderSent') venue.send({ kind: 'place', order: out.order });
      else if (out.kind === 'cancelAsked')
        venue.send({ kind: 'cancel', clientOrderId: out.clientOrderId, at: out.at });
    },
  });
  // `core` gives the same effects each time, so they are wrapped once and not for every event.
  let given: Effects<DeskOutput> | undefined;
  let onPaper: Effects<DeskOutput> | undefined;
  const step: Reducer<DeskInput, DeskOutput> = (event, effects) => {
    if (!onPaper || given !== effects) {
      given = effects;
      onPaper = withPaper(effects);
    }
    switch (event.kind) {
      case 'contractBook':
      case 'contractTicker':
      case 'contractTrade':
      case 'contract':
      case 'gap':
        during = onPaper;
        venue.observe(event);
        during = undefined;
        break;
      case 'command':
        // As the live lane does: after a halt nothing rests.
        if (event.command === 'halt' || event.command === 'cancelAll') venue.cancelAll();
    }
    desk(event, onPaper);
  };
  return { step, close: venue.close };
}
