import type { Decision } from '../domain/events/decision.ts';
import type { Forecast } from '../domain/events/forecast.ts';
import type { IndexValue } from '../domain/events/market.ts';
import type { GatewayCommand } from '../domain/events/order.ts';
import { HOUR, type Micros } from '../domain/time.ts';
import type { Effects, Reducer } from '../operators/core.ts';
import type { Outcome } from '../portfolio/settle.ts';
import type { CloseMoments } from '../pricing/close-moments.ts';
import { printWindow } from '../pricing/print-window.ts';
import type { PricingSettings } from '../pricing/settings.ts';
import type { RiskSettings } from '../risk/settings.ts';
import { assess, lawOfClose, type Situation } from './assess.ts';
import { decisionTeller } from './decision-teller.ts';
import type { DeskInput, DeskOutput } from './desk-events.ts';
import { feeds } from './feeds.ts';
import { inputsDigest } from './inputs-digest.ts';
import { ledger } from './ledger.ts';
import { feeBoundOf, orderOf } from './order-of.ts';
import type { ExecutionSettings } from './settings.ts';
import { settledByPrints } from './settled-by-prints.ts';
import { emptySlot, type Slot } from './slot.ts';
import { whatWouldChange } from './what-would-change.ts';

/** Everything the desk is configured by. */
export interface DeskSettings {
  readonly risk: RiskSettings;
  readonly pricing: PricingSettings;
  readonly execution: ExecutionSettings;
  /** Minutes of history that the forecast needs before it is believed. */
  readonly warmUpMinutes: number;
}

type DeskEffects = Effects<DeskOutput, GatewayCommand>;

/** A settled contract is remembered this long, since the venue repeats itself. */
const REMEMBER_SETTLED = HOUR;

/**
 * The desk: prices every contract, proposes, runs the checks, decides, sends, books. One reducer for `operators/core.ts`, with a state of its own.
 *
 * Inputs only note what changed and mark contracts; a zero-delay wake evaluates them once the frame has propagated, each at most once in
 * `evaluateEveryMicros`. An approved decision becomes an immediate-or-cancel order. Contracts settle by the index's own sixty prints, by the
 * venue's word, or by an outcome frame; without any of these they stay open.
 *
 * Longer than most files, because it is one thing: the effect of every event on one state.
 */
export function desk(
  settings: DeskSettings,
  now: () => Micros,
): Reducer<DeskInput, DeskOutput, GatewayCommand> {
  const { desk: terms, member } = settings.execution;
  const slots = new Map<string, Slot>();
  const feed = feeds(terms);
  const digest = inputsDigest();
  const decisionOf = decisionTeller(terms.repeatMicros);
  const namedLacking = new Set<string>();
  const books = ledger(terms.startingDollars);
  let prints = printWindow(settings.pricing.twin.indexId);
  let index: IndexValue | undefined;
  let forecast: Forecast | undefined;
  let warmMinutes = 0;
  let halted = false;
  let exchangeTrading: boolean | undefined;
  let startedAt: Micros | undefined;

  const slotOf = (ticker: string): Slot => {
    let slot = slots.get(ticker);
    if (!slot) {
      slot = emptySlot(ticker);
      slots.set(ticker, slot);
    }
    return slot;
  };
  const mark = (slot: Slot, effects: DeskEffects): void => {
    if (slot.dirty || !slot.contract || !slot.book || slot.settled) return;
    slot.dirty = true;
    effects.wake(slot.evaluatedAt + terms.evaluateEveryMicros - now());
  };
  const markAll = (effects: DeskEffects): void => {
    for (const slot of slots.values()) mark(slot, effects);
  };

  const book = (outcome: Outcome, effects: DeskEffects): void => {
    const slot = slotOf(outcome.ticker);
    const repeated = slot.settled && !books.portfolio().settled.has(outcome.ticker);
    slot.settled = true;
    slot.dirty = false;
    const settlement = books.settled(outcome);
    // A contract we had nothing to do with settles once, however often the venue says so.
    if (!settlement || repeated) return;
    effects.emit(settlement);
    effects.emit(books.account(now()));
    for (const { ticker, contract, settled } of slots.values())
      if (settled && contract && contract.closeAt < now() - REMEMBER_SETTLED) slots.delete(ticker);
  };

  const settleClosed = (effects: DeskEffects): void => {
    for (const { ticker, contract, settled } of slots.values()) {
      if (!contract || settled || contract.closeAt > now()) continue;
      const outcome = settledByPrints(contract, prints);
      if (outcome) book({ ticker, at: now(), source: 'index', ...outcome }, effects);
    }
  };

  const place = (decision: Decision, { contract }: Slot, effects: DeskEffects): void => {
    if (!contract) return;
    const order = orderOf(decision, startedAt ?? decision.at);
    books.sent(order, contract, feeBoundOf(decision.proposal));
    effects.emit({ kind: 'orderSent', at: decision.at, order });
    effects.send({ kind: 'place', order });
  };

  const evaluateSlot = (
    slot: Slot,
    lawOf: (closeAt: Micros) => CloseMoments,
    situation: Situation,
    effects: DeskEffects,
  ): void => {
    const { contract, book: quotes, state: contractState, bookReceivedAt } = slot;
    const { now: at } = situation;
    slot.dirty = false;
    slot.evaluatedAt = at;
    if (!contract || !quotes || contract.closeAt <= at) return;
    const assessment = assess(
      { contract, contractState, book: quotes, bookReceivedAt },
      lawOf(contract.closeAt),
      situation,
      // Read anew for each contract: an order sent for one counts against the next.
      books.portfolio(),
      { pricing: settings.pricing, member },
    );
    const decision = decisionOf(slot, assessment, at, () => ({
      model: forecast?.model,
      wouldChange: whatWouldChange(slot, assessment, at, {
        ...settings,
        member,
        lastOrderAt: books.portfolio().lastOrderAt.get(slot.ticker),
      }),
      inputs: digest.read(),
    }));
    if (!decision) return;
    effects.emit(decision);
    if (decision.verdict === 'approved') place(decision, slot, effects);
  };

  const evaluateDirty = (effects: DeskEffects): void => {
    const at = now();
    settleClosed(effects);
    const situation: Situation = {
      now: at,
      index,
      prints,
      forecast,
      feeds: feed.health(),
      halted,
      exchangeTrading,
      warmMinutes,
      requiredWarmMinutes: settings.warmUpMinutes,
      directIndex: feed.directIndex(),
      limits: settings.risk,
    };
    const laws = new Map<Micros, CloseMoments>();
    const lawOf = (closeAt: Micros): CloseMoments => {
      const known = laws.get(closeAt);
      if (known) return known;
      const law = lawOfClose(closeAt, situation, settings.pricing.law);
      laws.set(closeAt, law);
      return law;
    };
    for (const slot of slots.values()) {
      if (!slot.dirty) continue;
      const wait = slot.evaluatedAt + terms.evaluateEveryMicros - at;
      if (wait > 0) effects.wake(wait);
      else evaluateSlot(slot, lawOf, situation, effects);
    }
    for (const name of feed.lacking(at))
      if (!namedLacking.has(name)) {
        namedLacking.add(name);
        effects.emit({ kind: 'feedLacking', at, feed: name });
      }
    effects.wake(terms.heartbeatMicros);
  };

  const beginSession = (at: Micros): void => {
    startedAt ??= at;
    prints = printWindow(settings.pricing.twin.indexId);
    index = undefined;
    forecast = undefined;
    warmMinutes = 0;
    exchangeTrading = undefined;
    feed.reset(at);
    for (const slot of slots.values()) slot.book = undefined;
  };

  return (event, effects) => {
    digest.add(event);
    feed.heard(event);
    switch (event.kind) {
      case 'contractBook': {
        const slot = slotOf(event.ticker);
        // What a session voids is told after the session itself: there is no book until one comes.
        if (!slot.book && !event.book.live) return;
        slot.book = event.book;
        slot.bookReceivedAt = event.receivedAt;
        if (event.topChanged || !event.delta) mark(slot, effects);
        return;
      }
      case 'contract': {
        const slot = slotOf(event.contract.ticker);
        slot.contract = event.contract;
        slot.state = event.state;
        books.terms(event.contract);
        const { receivedAt: at, result } = event;
        if (result)
          book({ ticker: slot.ticker, at, result, valueUnits: undefined, source: 'venue' }, effects);
        mark(slot, effects);
        return;
      }
      case 'index':
        index = event;
        markAll(effects);
        return;
      case 'indexPrint':
        if (prints.add(event)) markAll(effects);
        settleClosed(effects);
        return;
      case 'featureRow':
        warmMinutes = event.bars;
        return;
      case 'forecast':
        forecast = event;
        markAll(effects);
        return;
      case 'fill':
        if (!books.answered(event)) return;
        effects.emit(event);
        effects.emit(books.account(now()));
        return;
      case 'orderResting':
      case 'orderDone':
      case 'orderRejected':
        books.answered(event);
        effects.emit(event);
        return;
      case 'outcome': {
        const { ticker, result, valueUnits } = event;
        if (slots.has(ticker) || books.portfolio().holdings.has(ticker))
          book({ ticker, at: now(), result, valueUnits, source: 'file' }, effects);
        return;
      }
      case 'command':
        halted = event.command === 'halt';
        markAll(effects);
        return;
      case 'venueStatus':
        if (event.venue === 'kalshi') exchangeTrading = event.trading;
        return;
      case 'gap':
        // Not the session's own frame: its history has already made a row and a forecast when that arrives.
        if (event.cause !== 'session') return;
        beginSession(event.at);
        // A session without any contract has nothing else to wake for, and would never say what it lacks.
        effects.wake(terms.feedPatienceMicros);
        return;
      case 'wake':
        for (const slot of slots.values())
          if (now() - slot.evaluatedAt >= terms.heartbeatMicros) mark(slot, effects);
        evaluateDirty(effects);
        return;
      default:
        return;
    }
  };
}
