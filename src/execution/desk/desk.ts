import type { Asset } from '../../domain/asset.ts';
import { type Contract, isAnother } from '../../domain/contracts.ts';
import type { Approved, Proposal } from '../../domain/events/decision.ts';
import type { ApprovedOrder, GatewayEvent } from '../../domain/events/order.ts';
import { tradingOf, type VenueStatus } from '../../domain/events/venue.ts';
import type { CommandFrame } from '../../domain/frame.ts';
import { type Cash, type Count, cash } from '../../domain/money.ts';
import { HOUR, MILLISECOND, type Micros } from '../../domain/time.ts';
import { EXCHANGE } from '../../domain/venues.ts';
import type { Effects, Reducer } from '../../operators/core.ts';
import type { Adoption } from '../../portfolio/adopt.ts';
import { WHOLE_ACCOUNT } from '../../portfolio/differences.ts';
import type { Portfolio } from '../../portfolio/portfolio.ts';
import type { Outcome } from '../../portfolio/settle.ts';
import type { CloseMoments } from '../../pricing/close-moments.ts';
import { newestIndex } from '../../pricing/close-moments.ts';
import { keptFraction } from '../../pricing/drawdown.ts';
import type { PricingSettings } from '../../pricing/settings.ts';
import { takeAllowed } from '../../risk/checks/take-allowed.ts';
import { standardChecks } from '../../risk/checks.ts';
import type { TradingMode } from '../../risk/context.ts';
import type { RiskSettings } from '../../risk/settings.ts';
import { supportOf } from '../../risk/support.ts';
import { assetOf } from '../../venues/asset-of.ts';
import { closingOrder, feeBoundAt, feeBoundOf, orderOf } from '../orders/order-of.ts';
import type { ExecutionSettings } from '../settings.ts';
import { type Assessment, assess, type Situation, type Subject } from './assess.ts';
import { type BundleOrders, bundleOrders } from './bundle-orders.ts';
import { type CloseNow, type ClosesNow, closesNow } from './closes-now.ts';
import { decisionMarket } from './decision-market.ts';
import { decisionPublisher } from './decision-publisher.ts';
import type { DeskInput, DeskOutput } from './desk-events.ts';
import { drawdownOf } from './drawdown-of.ts';
import { type Ladders, ladders } from './ladders.ts';
import { ledger } from './ledger.ts';
import {
  beginSession,
  emptyMarket,
  type MarketState,
  noteBelieved,
  noteDoubt,
  noteGap,
  noteTerms,
} from './market-state.ts';
import { type Quoting, quoting } from './quoting.ts';
import { type Reconciled, type Reconciliation, reconciliation } from './reconciliation.ts';
import { type Rota, rota } from './rota.ts';
import { settledByPrints } from './settled-by-prints.ts';
import { settledValue } from './settled-value.ts';
import { emptySlot, type Slot } from './slot.ts';
import { whatWouldChange } from './what-would-change.ts';

/** The settings of the desk. */
export interface DeskSettings {
  readonly assets: readonly Asset[];
  readonly risk: RiskSettings;
  readonly pricing: PricingSettings;
  readonly execution: ExecutionSettings;
  /** Minutes of history that a forecast needs before the desk uses it. */
  readonly warmUpMinutes: number;
  /** True where orders are real. */
  readonly atVenue?: boolean;
}

type DeskEffects = Effects<DeskOutput>;

/** A settled contract is remembered this long, since the venue repeats its messages. */
const REMEMBER_SETTLED = HOUR;

/** The contracts that one wake leaves have the next one this much later. */
const BETWEEN_WAKES = MILLISECOND;

/**
 * The desk. It prices every contract from its own asset's market, proposes, runs the checks, decides, sends
 * orders and books their fills. It is one reducer for `operators/core.ts`, with its own state and one account
 * over all assets.
 *
 * An input only notes what changed and marks contracts. Each asset has a zero-delay wake that evaluates its
 * marked contracts after the frame has passed through the graph, each at most once in `evaluateEveryMicros`
 * and at most `evaluateAtOnce` in one wake, those first that have waited longest. So the inputs of one asset
 * do not change the times of another's decisions. An approved decision becomes an immediate-or-cancel order;
 * orders that rest are the maker's (`quoting.ts`). A contract settles by the index's own sixty prints, by the venue's message, or
 * by an outcome frame; without any of these it stays open.
 *
 * The file is long because it is one thing: the effect of every event on one state.
 */
export function desk(settings: DeskSettings, now: () => Micros): Reducer<DeskInput, DeskOutput> {
  const { desk: terms, member } = settings.execution;
  const markets = new Map(
    settings.assets.map((asset) => [asset.name, emptyMarket(asset, terms, settings.pricing.twin)]),
  );
  const of = assetOf(settings.assets);
  const slots = new Map<string, Slot>();
  const checks = settings.execution.take ? standardChecks : [...standardChecks, takeAllowed];
  const decisionOf = decisionPublisher(terms.repeatMicros);
  const drawdown = drawdownOf();
  const books = ledger(terms.startingDollars);
  const twinVariance = (settings.pricing.twin.errorBasisPoints / 10_000) ** 2;
  /** The contracts that orders were sent for, by ticker: a later contract of the same ticker is another. */
  const traded = new Map<string, Contract>();
  let mode: TradingMode = 'armed';
  /** Orders by which the operator closed positions, counted for their ids. */
  let closings = 0;
  let venueAccount: Reconciliation | undefined;
  let exchange: VenueStatus | undefined;
  let startedAt: Micros | undefined;

  const rotas = new Map<MarketState, Rota<Slot>>();
  const rotaOf = (market: MarketState): Rota<Slot> => {
    let turns = rotas.get(market);
    if (!turns) {
      turns = rota();
      rotas.set(market, turns);
    }
    return turns;
  };
  const closes = new Map<MarketState, ClosesNow>();
  const closesOf = (market: MarketState): ClosesNow => {
    let ofMarket = closes.get(market);
    if (!ofMarket) {
      ofMarket = closesNow({ slots, limits: settings.risk, member }, settings.pricing.law);
      closes.set(market, ofMarket);
    }
    return ofMarket;
  };
  let arrivals = 0;
  /** Undefined for a contract of an asset that is not followed. */
  const slotOf = (ticker: string): Slot | undefined => {
    const known = slots.get(ticker);
    if (known) return known;
    const market = markets.get(of.ticker(ticker));
    if (!market) return undefined;
    const slot = emptySlot(ticker, market, arrivals++);
    slots.set(ticker, slot);
    return slot;
  };
  const wakeAfter = ({ asset }: MarketState, evaluatedAt: Micros, effects: DeskEffects): void =>
    effects.wake(asset.name, evaluatedAt + terms.evaluateEveryMicros - now());
  const mark = (slot: Slot, effects: DeskEffects): void => {
    const { market } = slot;
    if (!slot.contract || !slot.book || slot.settled) return;
    const turns = rotaOf(market);
    turns.enter(slot);
    if (turns.mark(slot)) wakeAfter(market, slot.evaluatedAt, effects);
  };
  const markAll = (effects: DeskEffects, market: MarketState): void => {
    const turns = rotaOf(market);
    turns.markAll();
    const longestAt = turns.longestAt();
    if (longestAt !== undefined) wakeAfter(market, longestAt, effects);
  };
  const markEverything = (effects: DeskEffects): void => {
    for (const market of markets.values()) markAll(effects, market);
  };

  const book = (outcome: Outcome, effects: DeskEffects): void => {
    const slot = slotOf(outcome.ticker);
    const repeated = slot?.settled && !books.portfolio().settled.has(outcome.ticker);
    if (slot) {
      slot.settled = true;
      rotaOf(slot.market).leave(slot, true);
    }
    const { settlement, difference } = books.settled(outcome);
    if (settlement?.position) venueAccount?.active(now());
    if (difference) effects.emit(difference);
    // A contract that we never held settles once, however often the venue repeats it.
    if (!settlement || repeated) return;
    effects.emit(settlement);
    effects.emit(books.account(now()));
    for (const { ticker, contract, settled } of slots.values())
      if (settled && contract && contract.closeAt < now() - REMEMBER_SETTLED) slots.delete(ticker);
  };

  const settleClosed = (market: MarketState, effects: DeskEffects): void => {
    const at = now();
    if (!market.settleAgain && at < market.nextCloseAt) return;
    market.settleAgain = false;
    let nextCloseAt = Number.POSITIVE_INFINITY;
    for (const { ticker, contract, settled, market: own } of slots.values()) {
      if (own !== market || !contract || settled) continue;
      if (contract.closeAt > at) {
        if (contract.closeAt < nextCloseAt) nextCloseAt = contract.closeAt;
        continue;
      }
      const outcome = settledByPrints(contract, market.prints);
      if (outcome) book({ ticker, at, source: 'index', ...outcome }, effects);
    }
    market.nextCloseAt = nextCloseAt;
  };

  const send = (order: ApprovedOrder, contract: Contract, feeBound: Cash, effects: DeskEffects): void => {
    books.sent(order, contract, feeBound);
    traded.set(contract.ticker, contract);
    venueAccount?.active(order.at);
    effects.emit({ kind: 'orderSent', at: order.at, order });
  };
  const answered = (event: GatewayEvent, effects: DeskEffects): void => {
    const { entered, difference } = books.answered(event);
    if (difference) effects.emit(difference);
    if (!entered) return;
    venueAccount?.active(now());
    effects.emit(event);
    maker(effects)?.answered(event);
    if (settings.execution.bundles.enabled) buyer(effects).answered(event, now());
    if (event.kind === 'fill') effects.emit(books.account(now()));
  };

  /** Sells part of a position at the best price shown; without a price it stays. */
  const closeOut = ({ ticker, book: top, contract }: Slot, position: Count, effects: DeskEffects): void => {
    const at = now();
    if (!top?.live || !contract || contract.closeAt <= at) return;
    const order = closingOrder(
      { ticker, position },
      top,
      closings + 1,
      startedAt ?? at,
      contract.exchangeIndex,
      at,
    );
    if (!order) return;
    closings++;
    send(order, contract, feeBoundAt(contract, order, member), effects);
  };

  /** Closes every position at the best price shown; one without a price or with an open order stays. */
  const flatten = (effects: DeskEffects): void => {
    const { holdings, orders } = books.portfolio();
    const busy = new Set([...orders.values()].map(({ order }) => order.ticker));
    for (const holding of holdings.values()) {
      const { book: top, contract } = slots.get(holding.ticker) ?? {};
      if (!top?.live || !contract || contract.closeAt <= now() || busy.has(holding.ticker)) continue;
      const at = now();
      const order = closingOrder(holding, top, closings + 1, startedAt ?? at, contract.exchangeIndex, at);
      if (!order) continue;
      closings++;
      send(order, contract, feeBoundAt(contract, order, member), effects);
    }
  };

  const takeOver = (adoption: Adoption, effects: DeskEffects): void => {
    const before = books.portfolio();
    const adopted = books.adopt(adoption, now());
    drawdown.moved(before, books.portfolio());
    effects.emit(adopted);
  };
  const reconciled = (found: Reconciled, effects: DeskEffects): void => {
    const at = now();
    switch (found.kind) {
      case 'adopt':
        books.resolved(WHOLE_ACCOUNT);
        takeOver(found, effects);
        break;
      case 'moved':
        takeOver({ cash: cash(books.portfolio().cash + found.cash) }, effects);
        break;
      case 'settled':
        book({ ...found, at, ...settledValue(undefined, undefined), source: 'venue' }, effects);
        return;
      case 'neverArrived':
        answered({ ...found, kind: 'orderRejected', at }, effects);
        return;
      case 'differs': {
        const { scope: ticker, about, why } = found;
        books.differs(ticker);
        effects.emit({
          kind: 'difference',
          at,
          ticker,
          clientOrderId: undefined,
          about,
          entered: false,
          why,
        });
        return;
      }
    }
    effects.emit(books.account(at));
    markEverything(effects);
  };

  /** `resolve SCOPE …` takes the venue's word for one contract or the cash, and leaves the mode as it is. */
  const resolve = (scope: string, effects: DeskEffects): void => {
    books.resolved(scope);
    venueAccount?.forget(scope);
    const found = venueAccount?.venueCash();
    if (!venueAccount || found === undefined) return;
    const adoption =
      scope === WHOLE_ACCOUNT ? { cash: found } : { positions: [venueAccount.venuePosition(scope)] };
    takeOver(adoption, effects);
    effects.emit(books.account(now()));
  };

  const command = ({ command: what, reason }: CommandFrame, effects: DeskEffects): void => {
    if (what === 'resolve') {
      resolve(reason.split(' ')[0] ?? '', effects);
      return;
    }
    if (what === 'halt' || what === 'cancelAll') maker(effects)?.hold(undefined, `the operator said ${what}`);
    if (what === 'cancelAll' || what === 'cap') return;
    mode = what === 'halt' ? 'halted' : what === 'resume' ? 'armed' : 'reduce';
    if (what === 'flatten') flatten(effects);
  };

  /** The effects of the event that is handled, by which the maker and the buyer of bundles act. */
  let during: DeskEffects | undefined;
  /** Publishes a decision that is not the one about taking alone; the order may follow if it approves. */
  const approvedOf = (slot: Slot, assessment: Assessment): Approved | undefined => {
    const { market } = slot;
    const decision = decisionOf(slot, assessment, now(), () => ({
      market: decisionMarket(market.index, market.forecast),
      model: market.forecast?.model,
      wouldChange: undefined,
      inputs: market.digest.read(),
    }));
    if (decision) during?.emit(decision);
    return decision?.verdict === 'approved' ? decision : undefined;
  };
  let quotes: Quoting | undefined;
  const maker = (effects: DeskEffects): Quoting | undefined => {
    during = effects;
    if (settings.execution.make.mode === 'off') return undefined;
    quotes ??= quoting(settings.execution.make, settings.pricing, settings.atVenue === true, {
      now,
      startedAt: () => startedAt ?? now(),
      // A copy, so that a quote does not count as the last decision about taking.
      decided: (slot, assessment) => approvedOf({ ...slot }, assessment),
      send: (order, { contract }) => {
        if (contract && during) send(order, contract, feeBoundAt(contract, order, member), during);
      },
      cancel: ({ clientOrderId, ticker }, why) =>
        during?.emit({ kind: 'cancelAsked', at: now(), clientOrderId, ticker, why }),
    });
    return quotes;
  };

  let watching: Ladders | undefined;
  const ladder = (effects: DeskEffects): Ladders => {
    during = effects;
    watching ??= ladders({
      settings: settings.execution.bundles,
      member,
      lotCount: settings.pricing.sizing.lotCount,
      slots,
      tell: (event) => during?.emit(event),
    });
    return watching;
  };

  let buying: BundleOrders | undefined;
  const buyer = (effects: DeskEffects): BundleOrders => {
    during = effects;
    buying ??= bundleOrders(settings.pricing, {
      startedAt: (at) => startedAt ?? at,
      slotOf: (ticker) => slots.get(ticker),
      subjectOf,
      decided: (slot, assessment) => approvedOf({ ...slot }, assessment),
      send: (order, slot, { proposal }) => {
        if (slot.contract && during) send(order, slot.contract, feeBoundOf(proposal), during);
      },
      close: (slot, position) => {
        if (during) closeOut(slot, position, during);
      },
      tell: (event) => during?.emit(event),
    });
    return buying;
  };

  /** The settings of pricing, with the part of the Kelly fraction that is left after losses. */
  const pricingAfter = (portfolio: Portfolio): PricingSettings => {
    const { pricing } = settings;
    if (pricing.sizing.drawdownLimit >= 1) return pricing;
    const kept = keptFraction(drawdown.of(portfolio), pricing.sizing.drawdownLimit);
    return { ...pricing, sizing: { ...pricing.sizing, kellyFraction: pricing.sizing.kellyFraction * kept } };
  };

  const place = (decision: Approved, proposal: Proposal, slot: Slot, effects: DeskEffects): void => {
    const { contract } = slot;
    if (!contract) return;
    maker(effects)?.makeWay(slot);
    const order = orderOf(decision, startedAt ?? decision.at, contract.exchangeIndex);
    send(order, contract, feeBoundOf(proposal), effects);
  };

  const subjectOf = ({ contract, book: top, state, bookReceivedAt }: Slot): Subject | undefined =>
    contract &&
    top && {
      contract,
      contractState: state,
      book: top,
      bookReceivedAt,
      exchangeTrading: exchange && tradingOf(exchange, contract.exchangeIndex),
    };

  const evaluateSlot = (
    slot: Slot,
    closeOf: (closeAt: Micros) => CloseNow,
    situation: Situation,
    effects: DeskEffects,
  ): void => {
    const { contract, book: top, market } = slot;
    const { now: at } = situation;
    rotaOf(market).evaluated(slot, at);
    if (!contract || !top || contract.closeAt <= at) return;
    const { law, priceOf, sizerOf } = closeOf(contract.closeAt);
    // The portfolio is read again for each contract, because an order sent for one limits the next.
    const portfolio = books.portfolio();
    const pricing = pricingAfter(portfolio);
    const subject = subjectOf(slot);
    if (!subject) return;
    const assessment = assess(
      subject,
      law,
      situation,
      portfolio,
      { pricing, member },
      pricing.sizing.method === 'joint' ? sizerOf(slot, portfolio, pricing) : undefined,
      checks,
      priceOf,
    );
    const decision = decisionOf(slot, assessment, at, () => ({
      market: decisionMarket(market.index, market.forecast),
      model: market.forecast?.model,
      wouldChange: whatWouldChange(slot, assessment, at, {
        ...settings,
        member,
        lastOrderAt: books.portfolio().lastOrderAt.get(slot.ticker),
      }),
      inputs: market.digest.read(),
    }));
    if (decision) effects.emit(decision);
    if (decision?.verdict === 'approved') place(decision, assessment.proposal, slot, effects);
    else maker(effects)?.evaluate(slot, subject, assessment.moments, situation, books.portfolio);
  };

  const evaluateDirty = (market: MarketState, effects: DeskEffects): void => {
    const at = now();
    const { index, prints, forecast, warmMinutes, feeds: feed, lacking } = market;
    const { name: assetName } = market.asset;
    settleClosed(market, effects);
    const turns = rotaOf(market);
    const due = turns.due(at - terms.evaluateEveryMicros, terms.evaluateAtOnce);
    const nextAt = turns.nextAt();
    if (nextAt !== undefined) {
      const wait = nextAt + terms.evaluateEveryMicros - at;
      effects.wake(assetName, wait > 0 ? wait : BETWEEN_WAKES);
    }
    const base = newestIndex(market);
    const situation: Situation = {
      now: at,
      index,
      support: supportOf(
        base && { base, decimals: market.asset.indexDecimals },
        market.spots.fresh(at, settings.risk.spotMaxAgeMicros),
        forecast,
        twinVariance,
        settings.risk,
      ),
      indexDisputed: market.heldAt !== undefined,
      prints,
      forecast,
      feeds: feed.health(),
      clockOffsetMicros: feed.clockOffset(at),
      mode,
      warmMinutes,
      requiredWarmMinutes: settings.warmUpMinutes,
      directIndex: feed.directIndex(),
      limits: settings.risk,
    };
    const closeOf = closesOf(market)(situation);
    for (const slot of due) evaluateSlot(slot, closeOf, situation, effects);
    const lawOf = (closeAt: Micros): CloseMoments => closeOf(closeAt).law;
    for (const bundle of ladder(effects).look(market, at, lawOf))
      buyer(effects).buy(bundle, lawOf(bundle.event.closeAt), situation, books.portfolio());
    for (const name of feed.lacking(at))
      if (!lacking.has(name)) {
        lacking.add(name);
        effects.emit({ kind: 'feedLacking', at, asset: assetName, feed: name });
      }
    effects.wake(assetName, terms.heartbeatMicros);
  };

  /** Notes an input in its own asset's market, or in all markets if it concerns a whole venue. */
  let lastMarket: MarketState | undefined;
  const note = (event: DeskInput): void => {
    const name = of.event(event);
    if (name === undefined) {
      for (const { feeds: feed } of markets.values()) feed.receive(event);
      return;
    }
    if (lastMarket?.asset.name !== name) lastMarket = markets.get(name);
    lastMarket?.digest.add(event);
    lastMarket?.feeds.receive(event);
  };

  return (event, effects) => {
    note(event);
    switch (event.kind) {
      case 'contractBook': {
        const slot = slotOf(event.ticker);
        // The events that void the books follow the session event, so there may be no book yet.
        if (!slot || (!slot.book && !event.top.live)) return;
        slot.book = event.top;
        maker(effects)?.bookChanged(slot, event.change, event.top);
        slot.bookReceivedAt = slot.market.feeds.sentAt(event);
        if (slot.contract && !slot.settled) rotaOf(slot.market).enter(slot);
        if (event.topChanged || event.change.kind !== 'delta') ladder(effects).changed(slot.market);
        if (event.topChanged || event.change.kind !== 'delta') mark(slot, effects);
        return;
      }
      case 'contract': {
        const slot = slotOf(event.contract.ticker);
        if (!slot) return;
        noteTerms(slot.market, event, settings.pricing.twin);
        const before = traded.get(slot.ticker);
        if (before && isAnother(before, event.contract)) return;
        slot.contract = event.contract;
        slot.state = event.state;
        slot.market.settleAgain = true;
        ladder(effects).changed(slot.market);
        books.terms(event.contract);
        const { receivedAt: at, result } = event;
        if (result)
          book(
            { ticker: slot.ticker, at, result, ...settledValue(undefined, undefined), source: 'venue' },
            effects,
          );
        mark(slot, effects);
        return;
      }
      case 'index': {
        const market = markets.get(event.asset);
        if (!market) return;
        market.index = event;
        maker(effects)?.priced(event.asset, 'the index', event.value, event.receivedAt);
        markAll(effects, market);
        return;
      }
      case 'indexPrint': {
        const market = markets.get(event.asset);
        if (!market) return;
        noteBelieved(market, event, settings.pricing.twin);
        if (market.prints.add(event)) {
          market.settleAgain = true;
          markAll(effects, market);
        }
        settleClosed(market, effects);
        return;
      }
      case 'priceDoubt': {
        const market = markets.get(event.asset);
        if (market) noteDoubt(market, event);
        if (event.state === 'held') maker(effects)?.hold(event.asset, 'a price is held in doubt');
        return;
      }
      case 'krakenBookChecked':
      case 'spotTrade':
        lastMarket?.spots.receive(event);
        if (event.kind === 'spotTrade' && lastMarket)
          maker(effects)?.priced(lastMarket.asset.name, event.venue, event.price, event.receivedAt);
        return;
      case 'minuteRow': {
        const market = markets.get(event.asset);
        if (market) market.warmMinutes = event.bars;
        return;
      }
      case 'forecast': {
        const market = markets.get(event.asset);
        if (!market) return;
        market.forecast = event;
        markAll(effects, market);
        return;
      }
      case 'fill':
      case 'orderSubmitted':
      case 'orderUnknown':
      case 'orderResting':
      case 'orderDone':
      case 'orderRejected': {
        answered(event, effects);
        return;
      }
      case 'outcome': {
        const { ticker, result } = event;
        if (slots.has(ticker) || books.portfolio().holdings.has(ticker)) {
          const value = settledValue(event.valueUnits, slots.get(ticker)?.contract);
          book({ ticker, at: now(), result, ...value, source: 'file' }, effects);
        }
        return;
      }
      case 'command':
        command(event, effects);
        markEverything(effects);
        return;
      case 'carried':
        books.carried(event);
        venueAccount = reconciliation(event.at);
        return;
      case 'venueAsOf':
      case 'venueOrders':
      case 'venuePositions':
      case 'venueBalance':
      case 'cashMoved':
      case 'venueSettlement':
        for (const found of venueAccount?.receive(event, books.portfolio()) ?? []) reconciled(found, effects);
        return;
      case 'venueStatus':
        if (event.venue === EXCHANGE) exchange = event;
        return;
      case 'gap':
        for (const market of markets.values()) noteGap(market, event);
        if (event.cause !== 'session') maker(effects)?.hold(undefined, `a gap of ${event.venue}`);
        else maker(effects)?.begin();
        // The session's own event is left out: its history has already made a row and a forecast by then.
        if (event.cause !== 'session') return;
        startedAt ??= event.at;
        exchange = undefined;
        for (const slot of slots.values()) {
          slot.book = undefined;
          rotaOf(slot.market).leave(slot, false);
        }
        for (const market of markets.values()) {
          beginSession(market, event.at);
          // A session without contracts has no other wake, and would never report the feeds it lacks.
          effects.wake(market.asset.name, terms.feedPatienceMicros);
        }
        return;
      case 'wake': {
        const market = markets.get(event.of);
        if (!market) return;
        for (const slot of rotaOf(market).quietSince(now() - terms.heartbeatMicros)) mark(slot, effects);
        evaluateDirty(market, effects);
        return;
      }
      default:
        return;
    }
  };
}
