import type { Asset } from '../domain/asset.ts';
import type { AuditEvent, Audited } from '../domain/events/audit.ts';
import type { Decision } from '../domain/events/decision.ts';
import type { CommandFrame } from '../domain/frame.ts';
import { MINUTE, type Micros, SECOND } from '../domain/time.ts';
import { EXCHANGE } from '../domain/venues.ts';
import type { LiveSettings } from '../execution/live-settings.ts';
import { liveScorer } from '../research/score/live-score.ts';
import { checksWorth } from '../risk/checks-worth.ts';
import { sayFinding, sayWhy } from '../risk/say-why.ts';
import type { RiskSettings } from '../risk/settings.ts';
import { assetOf } from '../venues/asset-of.ts';
import { assetViews } from './assets.ts';
import { contracts as contractsOf } from './contracts.ts';
import { decisions as decisionsOf } from './decisions.ts';
import { feeds as feedsOf } from './feeds.ts';
import { holdings as holdingsOf } from './holdings.ts';
import { implied as impliedOf } from './implied.ts';
import { limits as limitsOf } from './limits.ts';
import { log as logOf } from './log.ts';
import { orders as ordersOf } from './orders.ts';
import { payoffs as payoffsOf } from './payoffs.ts';
import { prices as pricesOf } from './prices.ts';
import { quality as qualityOf } from './quality.ts';
import { reliability as reliabilityOf } from './reliability.ts';
import type {
  ConsoleLane,
  ConsolePatch,
  ConsoleState,
  DecisionView,
  Health,
  LimitUse,
  StateWord,
} from './state.ts';
import { stateWord, type WordInput } from './state-word.ts';
import { store } from './store.ts';

/** What a console is made for. */
export interface ConsoleModelOptions {
  readonly lane: ConsoleLane;
  readonly assets: readonly Asset[];
  readonly risk: RiskSettings;
  /** The hard limits of a live lane. */
  readonly caps?: LiveSettings | undefined;
  /** Highest equity of the account as the lane knows it, earlier runs included; undefined while it does not. */
  readonly peakDollars?: () => number | undefined;
}

/** Turns a run's audit events into what a page shows. */
export interface ConsoleModel {
  /** Takes the next event. It only notes what changed, since it is called for every one. */
  readonly add: (audited: Audited) => void;
  /** What changed since the last call, to be asked for ten or twenty times a second; undefined if nothing did. */
  readonly take: () => ConsolePatch | undefined;
  /** The state as of the last `take`: all later patches continue it. */
  readonly snapshot: () => ConsoleState;
  /** One of the last decisions with all its findings, or the last of a contract that is shown. */
  readonly decision: (id: number) => DecisionView | undefined;
  readonly health: (health: Health) => void;
  /** What the lane itself says of its limits, such as its send gate: it stands above the model's of that name. */
  readonly use: (limits: readonly LimitUse[]) => void;
}

/** An approval counts this long for the word, so that it does not flicker between two orders. */
const APPROVED_SPAN = MINUTE;

const modeOf = (command: CommandFrame['command']): WordInput['mode'] | undefined => {
  switch (command) {
    case 'halt':
      return 'halted';
    case 'reduce':
    case 'flatten':
      return 'reduce';
    case 'resume':
      return 'armed';
    case 'resolve':
    case 'cancelAll':
    case 'cap':
      return undefined;
  }
};

/**
 * The console's reducer. The same events give the same state. Every part of it is bounded: rings by
 * `RING_MOST`, contracts by their close, orders and feeds by number.
 */
export function consoleModel({ lane, assets, risk, caps, peakDollars }: ConsoleModelOptions): ConsoleModel {
  const of = assetOf(assets);
  const to = store({
    lane,
    word: { word: 'BLIND', reason: 'nothing has come yet', since: 0 },
    money: null,
    limits: [],
    checks: [],
    quality: [],
    reliability: [],
    score: null,
    health: { loopDelayMs: null, queued: null, sinkDropped: null },
  });
  const contracts = contractsOf((ticker) => holdings.positionOf(ticker));
  const holdings = holdingsOf(contracts.get, peakDollars);
  const decisions = decisionsOf();
  const orders = ordersOf(contracts.middleOf);
  const feeds = feedsOf(risk);
  const prices = pricesOf(assets, risk);
  const implied = impliedOf(assets);
  const views = assetViews(assets, prices, implied);
  const limits = limitsOf(risk, caps);
  const payoffs = payoffsOf();
  const worth = checksWorth();
  const reliability = reliabilityOf();
  const quality = qualityOf();
  const scorer = liveScorer();
  const log = logOf();

  let seq = 0;
  let at: Micros = 0;
  /** The next whole second and minute. */
  let secondAt: Micros = 0;
  let minuteAt: Micros = 0;
  /** When the earliest of the next second and the next markout is due. */
  let dueAt: Micros = 0;
  /** When scores are drawn again: once a second of wall time. */
  let scoresAt: Micros = 0;
  let mode: WordInput['mode'] = 'armed';
  let modeReason = '';
  let approved: Decision | undefined;
  let word: StateWord | undefined;
  let moneyText = '';
  let limitsText = '';
  let laneLimits: readonly LimitUse[] = [];

  const money = () => holdings.money(at);
  const minute = (end: Micros): void => {
    decisions.minute(to, end);
    views.minute(to, end);
    const now = money();
    if (now) {
      const { equityDollars, dayDollars, worstDollars } = now;
      to.push('equity', { at: end, equityDollars, dayDollars, worstDollars });
    }
    contracts.sweep(end);
  };
  /** Time has come to `now`: what was due before it happens first. */
  const advance = (now: Micros): void => {
    orders.mark(now);
    if (now >= secondAt) {
      const second = Math.floor(now / SECOND) * SECOND;
      if (secondAt > 0) prices.second(to, second);
      if (now >= minuteAt) {
        const whole = Math.floor(now / MINUTE) * MINUTE;
        if (minuteAt > 0) minute(whole);
        minuteAt = whole + MINUTE;
      }
      secondAt = second + SECOND;
    }
    dueAt = Math.min(secondAt, orders.dueAt());
  };

  const apply = (event: AuditEvent): void => {
    switch (event.kind) {
      case 'contractBook': {
        contracts.book(event);
        const asset = of.ticker(event.ticker);
        if (event.topChanged || event.change.kind !== 'delta') implied.quote(event, asset);
        if (!event.top.live) return;
        feeds.of(asset, EXCHANGE).heardAt = event.receivedAt;
        feeds.venue(EXCHANGE).heardAt = event.receivedAt;
        return;
      }
      case 'krakenBookChecked':
        if (event.verdict === 'passed')
          feeds.of(of.event(event) ?? '', 'krakenBook').heardAt = event.receivedAt;
        feeds.venue(event.venue).heardAt = event.receivedAt;
        return;
      case 'spotTop':
        prices.top(event, of.event(event) ?? '');
        return;
      case 'spotTrade': {
        const asset = of.event(event) ?? '';
        prices.trade(event, asset);
        feeds.of(asset, event.venue).heardAt = event.receivedAt;
        feeds.venue(event.venue).heardAt = event.receivedAt;
        return;
      }
      case 'index':
        prices.index(event);
        views.touch(event.asset);
        if (event.source === 'prints') {
          feeds.of(event.asset, 'index').heardAt = event.receivedAt;
          feeds.venue(EXCHANGE).heardAt = event.receivedAt;
        }
        return;
      case 'forecast':
        views.forecast(event);
        quality.forecast(event);
        return;
      case 'featureRow':
        views.row(event);
        quality.row(event);
        return;
      case 'contract':
        contracts.terms(event);
        implied.terms(event);
        holdings.terms(event.contract);
        return;
      case 'decision':
        contracts.decided(event);
        decisions.add(event);
        worth.decided(event);
        reliability.decided(event, contracts.get(event.ticker)?.terms?.contract.closeAt);
        scorer.decided(event, contracts.get(event.ticker)?.terms?.contract.closeAt);
        if (event.verdict === 'approved') approved = event;
        return;
      case 'orderSent':
        orders.sent(event, at);
        limits.sent(event);
        holdings.sent(event);
        return;
      case 'fill':
        orders.answered(event, at, to);
        holdings.answered(event);
        contracts.held(event.ticker);
        dueAt = Math.min(dueAt, orders.dueAt());
        return;
      case 'orderSubmitted':
      case 'orderUnknown':
      case 'orderResting':
      case 'orderDone':
      case 'orderRejected':
        orders.answered(event, at, to);
        holdings.answered(event);
        break;
      case 'divergence':
        orders.diverged(event);
        return;
      case 'settlement':
        holdings.settled(event);
        worth.settled(event.ticker, event.result, contracts.get(event.ticker)?.terms?.contract.closeAt, at);
        reliability.settled(event.ticker, event.result);
        scorer.settled(event.ticker, event.result);
        contracts.settled(event, at);
        break;
      case 'adopted':
        for (const ticker of holdings.adopted(event)) contracts.held(ticker);
        break;
      case 'account':
        holdings.account(event);
        return;
      case 'command': {
        const commanded = modeOf(event.command);
        if (commanded !== undefined) {
          mode = commanded;
          modeReason = event.reason;
        }
        break;
      }
      case 'session':
        feeds.session();
        break;
      case 'feedSilence':
        feeds.silence(event);
        break;
      case 'feedLacking':
        feeds.lacking(event);
        break;
      case 'connection':
        feeds.connection(event);
        break;
      case 'clock':
        feeds.clock(event);
        return;
      case 'gap':
        feeds.gap(event, of.event(event));
        break;
      case 'rejected':
        feeds.rejected(event);
        break;
      case 'difference':
      case 'priceDoubt':
      case 'venueStatus':
      case 'cashMoved':
      case 'orderGroup':
      case 'bundle':
        break;
      default:
        return;
    }
    log.add(event, at, to);
  };

  /** The check that refuses most open contracts first, in the words of one of them. */
  const refusal = (): WordInput['refusal'] => {
    const tally = new Map<string, { count: number; words: string }>();
    let judged = 0;
    for (const { decision, terms, result } of contracts.all()) {
      const [check] = decision?.failing ?? [];
      if (!decision || !terms || result !== undefined || terms.contract.closeAt <= at) continue;
      judged++;
      if (check === undefined) continue;
      const known = tally.get(check);
      if (known) {
        known.count++;
        continue;
      }
      const finding = decision.findings.find((each) => each.check === check);
      tally.set(check, { count: 1, words: finding ? sayFinding(finding) : check });
    }
    let most: { count: number; words: string } | undefined;
    for (const each of tally.values()) if (!most || each.count > most.count) most = each;
    return most && { contracts: most.count, of: judged, words: most.words };
  };
  const drawWord = (): void => {
    const next = stateWord({
      mode,
      modeReason,
      unfed: feeds.fed(at),
      openOrders: orders.open(),
      approved:
        approved && at - approved.at <= APPROVED_SPAN ? `${approved.ticker}: ${sayWhy(approved)}` : undefined,
      refusal: refusal(),
    });
    if (word && next.word === word.word && next.reason === word.reason) return;
    word = { ...next, since: word?.word === next.word ? word.since : at };
    to.value('word', word);
  };
  const drawMoney = (): void => {
    const now = money();
    const text = JSON.stringify(now);
    if (text !== moneyText) to.value('money', now);
    moneyText = text;
    const portfolio = holdings.portfolio();
    const own = limits.read({ at, money: now, portfolio, openOrders: orders.open() });
    const uses = [...own.filter(({ name }) => !laneLimits.some((lane) => lane.name === name)), ...laneLimits];
    const usesText = JSON.stringify(uses);
    if (usesText !== limitsText) to.value('limits', uses);
    limitsText = usesText;
    payoffs.draw(to, portfolio);
  };
  const drawScores = (): void => {
    // They are read over minutes, and weigh more than all else that changes.
    if (at < scoresAt) return;
    scoresAt = at + lane.speed * SECOND;
    const checks = worth.read();
    if (checks) to.value('checks', checks);
    const bins = reliability.read();
    if (bins) to.value('reliability', bins);
    const score = scorer.read();
    if (score) to.value('score', score);
    const scores = quality.read();
    if (scores) to.value('quality', scores);
  };

  return {
    add: (audited) => {
      const { event } = audited;
      seq = audited.seq;
      const now: Micros = 'receivedAt' in event ? event.receivedAt : event.at;
      if (now > at) {
        if (now >= dueAt) advance(now);
        at = now;
      }
      apply(event);
    },
    take: () => {
      if (seq > 0) {
        contracts.draw(to);
        decisions.draw(to);
        orders.draw(to);
        feeds.draw(to, at);
        views.draw(to, at);
        drawMoney();
        drawScores();
        drawWord();
      }
      return to.take(seq, at);
    },
    snapshot: to.snapshot,
    decision: (id) => decisions.get(id) ?? contracts.decision(id),
    health: (health) => to.value('health', health),
    use: (uses) => {
      laneLimits = uses;
    },
  };
}
