import { type Observable, Subject, Subscription } from 'rxjs';
import type { Contract } from '../../domain/contracts.ts';
import type { AuditEvent } from '../../domain/events/audit.ts';
import type { ApprovedOrder, OrderRequest, RequestOutcome } from '../../domain/events/order.ts';
import type { RequestFrame } from '../../domain/frame.ts';
import type { Micros } from '../../domain/time.ts';
import { EXCHANGE } from '../../domain/venues.ts';
import type { EdgeClock } from '../../transport/edge-clock.ts';
import type { HttpAnswer } from '../../transport/http.ts';
import { createdId } from '../../venues/kalshi/order-answer.ts';
import { readError } from '../../venues/kalshi/read-error.ts';
import type { Journal } from '../journal/journal.ts';
import type { Gateway } from '../orders/gateway.ts';
import { orderCancels } from './order-cancels.ts';
import type { OrderEntry } from './order-entry.ts';
import type { OrderGroups } from './order-groups.ts';
import type { OrderHolds } from './order-holds.ts';
import { type Reaction, reactionTo } from './reaction-to.ts';
import type { SendGate } from './send-gate.ts';

/** What the gateway needs. */
export interface KalshiGatewayPorts {
  readonly entry: Pick<OrderEntry, 'create' | 'cancel'>;
  /** Runs the waits between cancels. */
  readonly clock: EdgeClock;
  readonly gate: Pick<SendGate, 'pass' | 'ended' | 'move'>;
  readonly holds: OrderHolds;
  readonly groups: Pick<OrderGroups, 'groupOf' | 'refused'>;
  readonly journal: Pick<Journal, 'append'>;
  /** The time that frames are stamped with. */
  readonly stamp: () => Micros;
  /** The longest that an order may rest before the venue ends it. */
  readonly restMaxMicros: Micros;
}

/** A gateway whose answers come back as frames. */
export interface KalshiGateway extends Gateway {
  /** What became of each request, for the inlet. */
  readonly request$: Observable<RequestFrame>;
  /** Learns prices that contracts may have, what is paused, and which orders rest or have ended. */
  readonly heard: (event: AuditEvent) => void;
  /** Requests that have left and are not answered yet. */
  readonly waiting: () => number;
  readonly close: () => void;
}

const outcomeOf = (answer: HttpAnswer): RequestOutcome => {
  if (answer.kind === 'answered') return { kind: 'answered', status: answer.status, text: answer.text };
  if (!answer.arrived) return { kind: 'withheld', why: `the venue could not be reached: ${answer.why}` };
  return answer.why.startsWith('no answer') ? { kind: 'timedOut' } : { kind: 'lost', why: answer.why };
};

const requestOf = ({
  clientOrderId,
  ticker,
  exchangeIndex,
  side,
  limitTicks,
  count,
}: ApprovedOrder): OrderRequest => ({
  action: 'place',
  clientOrderId,
  ticker,
  exchangeIndex,
  side,
  limitTicks,
  count,
});

/**
 * Sends orders to Kalshi. In this order and without a pause in between: the venue's own refusals and the gate
 * are read, the request is made ready, its intent is written to the journal, it leaves. An order that is kept
 * back on the way is reported as `withheld` and never sent later, since its price would be old. A journal
 * that cannot be written shuts the gate. No create is repeated: an answer that does not come leaves the
 * order unknown, and the portfolio at the venue tells what became of it.
 *
 * A cancel passes no gate and waits for no journal, since it takes risk away: a halt, a pause or a full disk
 * does not keep it back.
 */
export function kalshiGateway(ports: KalshiGatewayPorts): KalshiGateway {
  const { entry, clock, gate, holds, groups, journal, stamp, restMaxMicros } = ports;
  const request$ = new Subject<RequestFrame>();
  const running = new Subscription();
  const bands = new Map<string, Contract['tickBands']>();
  let waiting = 0;

  const report = (request: OrderRequest, outcome: RequestOutcome): void =>
    request$.next({ kind: 'request', at: stamp(), venue: EXCHANGE, request, outcome });
  const written = (kind: 'intent' | 'answer', body: object): string | undefined => {
    try {
      journal.append([{ at: stamp(), kind, body }]);
      return undefined;
    } catch (cause) {
      const reason = cause instanceof Error ? cause.message : String(cause);
      gate.move({ mode: 'HALTED', at: stamp(), by: 'the journal', reason });
      return `the journal cannot be written: ${reason}`;
    }
  };
  /** Draws from an answer what it asks of the orders after it. */
  const heeded = (request: OrderRequest, outcome: RequestOutcome): Reaction | undefined => {
    if (outcome.kind !== 'answered') return undefined;
    const { code } = readError(outcome.status, outcome.text);
    const reaction = reactionTo(outcome.status, code);
    holds.answered(request, reaction, code, stamp());
    if (reaction.kind === 'stop')
      gate.move({
        mode: 'HALTED',
        at: stamp(),
        by: 'the venue',
        reason: `it refused an order for good: ${code}`,
      });
    return reaction;
  };
  const answered = (request: OrderRequest, groupId: string, outcome: RequestOutcome): void => {
    waiting--;
    written('answer', { clientOrderId: request.clientOrderId, outcome });
    const reaction = heeded(request, outcome);
    if (reaction?.kind === 'hold' && reaction.scope === 'group') groups.refused(groupId);
    const venueId = outcome.kind === 'answered' ? createdId(request, outcome) : undefined;
    if (venueId !== undefined) cancels.learnt(request.clientOrderId, venueId);
    report(request, outcome);
  };
  const cancels = orderCancels({
    entry,
    clock,
    sent: (request) => report(request, { kind: 'sent' }),
    answered: (request, answer) => {
      const outcome = outcomeOf(answer);
      const { action, clientOrderId } = request;
      written('answer', { action, clientOrderId, outcome });
      heeded(request, outcome);
      report(request, outcome);
    },
  });
  /** Sends the order, or says why it stays. */
  const sent = (order: ApprovedOrder, request: OrderRequest): string | undefined => {
    const held = holds.why(order);
    if (held !== undefined) return held;
    const group = groups.groupOf(order.ticker);
    if (group.kind !== 'ready') return group.why;
    const refusal = gate.pass(order, stamp());
    if (refusal !== undefined) return refusal;
    const { groupId } = group;
    const { reduceOnly, decisionId, timeInForce, expiresAt, exchangeIndex } = order;
    const prepared = entry.create({
      order,
      terms: { tickBands: bands.get(order.ticker) ?? [], groupId, reduceOnly, restMaxMicros },
    });
    if (typeof prepared === 'string') return prepared;
    const unwritten = written('intent', { ...request, decisionId, groupId, expiresAt });
    if (unwritten !== undefined) return unwritten;
    if (timeInForce === 'gtc' && exchangeIndex !== undefined) cancels.placed({ ...request, exchangeIndex });
    waiting++;
    running.add(prepared.send().subscribe((answer) => answered(request, groupId, outcomeOf(answer))));
    return undefined;
  };

  return {
    request$: request$.asObservable(),
    waiting: () => waiting,
    heard: (event) => {
      holds.heard(event);
      if (event.kind === 'contract') bands.set(event.contract.ticker, event.contract.tickBands);
      else if (event.kind === 'settlement') bands.delete(event.ticker);
      else if (event.kind === 'orderResting' && event.venueId !== undefined)
        cancels.learnt(event.clientOrderId, event.venueId);
      else if (event.kind === 'orderDone' || event.kind === 'orderRejected')
        cancels.ended(event.clientOrderId);
    },
    send: (command) => {
      if (command.kind === 'cancel') {
        cancels.cancel(command.clientOrderId);
        return;
      }
      const request = requestOf(command.order);
      const why = sent(command.order, request);
      if (why === undefined) {
        report(request, { kind: 'sent' });
        return;
      }
      gate.ended(request.clientOrderId);
      report(request, { kind: 'withheld', why });
    },
    close: () => {
      running.unsubscribe();
      cancels.close();
      request$.complete();
    },
  };
}
