import type {
  Act,
  AssetView,
  ConsolePatch,
  ConsoleState,
  ContractView,
  DecisionLine,
  DecisionNumbers,
  DecisionView,
  FeedView,
  FillView,
  Mark,
  OrderView,
  StateWord,
} from '../../src/console/state.ts';
import { random } from './random.ts';

/** 1 June 2026, 14:05:00 UTC. */
export const SAMPLE_AT = 1_780_322_700_000_000;
const SECOND = 1_000_000;
const MINUTE = 60 * SECOND;
const INDEX = 90_251.23;

const FINDINGS = [
  ['killSwitch', 0, 0, 1, true, 'the operator has halted trading'],
  ['indexFresh', 412_000, 5_000_000, 4_588_000, true, 'the index is silent for 0.4 s'],
  ['spread', 200, 600, 400, true, 'spread 2 ¢'],
  ['edge', 0.012, 0.019, -0.007, false, 'edge 1.2 ¢ is inside its error of 1.9 ¢'],
  ['orderSize', null, null, null, false, 'nothing to buy'],
  ['dayLoss', 12.3, 50, 37.7, true, 'the day could lose $12.30, limit $50.00'],
] as const;

/** A decision of the sample; every seventh approves. */
export function sampleDecision(id: number, at: number, ticker: string): DecisionView {
  const isApproved = id % 7 === 0;
  const side = id % 2 === 0 ? 'bid' : 'ask';
  return {
    id,
    at,
    ticker,
    verdict: isApproved ? 'approved' : 'abstained',
    side,
    edgeDollars: isApproved ? 0.034 : 0.012,
    failing: isApproved ? [] : ['edge', 'orderSize'],
    why: isApproved
      ? `buys 5 ${side === 'bid' ? 'YES' : 'NO'} at 42 ¢: edge 3.4 ¢ after the fee`
      : 'edge 1.2 ¢ is inside its error of 1.9 ¢; would buy YES at 31 ¢ or less',
    bidTicks: 4_100,
    askTicks: 4_300,
    limitTicks: 4_200,
    count: 500,
    modelProbability: 0.442,
    probability: 0.436,
    probabilityError: 0.019,
    feeDollars: 0.0172,
    indexDollars: INDEX,
    volatilityPerYear: 0.412,
    inputs: 'index by brti, 0.4 s old; forecast by har-x of 14:05; fee terms of the series; book of sid 7',
    wouldPriceTicks: isApproved ? null : 3_100,
    wouldVolatilityFactor: isApproved ? null : 0.92,
    wouldAt: null,
    findings: FINDINGS.map(([check, observed, limit, headroom, passed, words]) => ({
      check,
      observed,
      limit,
      headroom: isApproved && headroom === null ? 0 : headroom,
      passed: isApproved || passed,
      words,
    })),
  };
}

const numbersOf = ({ inputs: _, findings: __, ...numbers }: DecisionView): DecisionNumbers => numbers;

const lineOf = ({
  id,
  at,
  ticker,
  verdict,
  side,
  edgeDollars,
  failing,
  why,
}: DecisionView): DecisionLine => ({
  id,
  at,
  ticker,
  verdict,
  side,
  edgeDollars,
  failing,
  why,
});

function contract(series: string, closeAt: number, strike: number, id: number): ContractView {
  const ticker = `${series}-26JUN0114${closeAt === SAMPLE_AT + 10 * MINUTE ? '15' : '30'}-T${strike}`;
  const fair = Math.round(10_000 / (1 + Math.exp((strike - INDEX) / 90)));
  const held = id % 5 === 0 ? 500 : id % 9 === 0 ? -300 : 0;
  return {
    ticker,
    asset: 'BTC',
    series,
    closeAt,
    openAt: closeAt - 15 * MINUTE,
    strikeType: 'greater_or_equal',
    floorDollars: strike,
    capDollars: null,
    state: 'active',
    live: id !== 13,
    bidTicks: Math.max(100, 100 * Math.round(fair / 100) - 100),
    askTicks: Math.min(9_900, 100 * Math.round(fair / 100) + 100),
    bidCount: 12_000,
    askCount: 9_500,
    bids: [1, 2, 3, 4].map((down) => [
      Math.max(100, 100 * Math.round(fair / 100) - 100 * down),
      6_000 * down,
    ]),
    asks: [1, 2, 3].map((up) => [Math.min(9_900, 100 * Math.round(fair / 100) + 100 * up), 4_000 * up]),
    fairTicks: fair,
    fairErrorTicks: 190,
    position: held,
    decision: id === 11 ? null : numbersOf(sampleDecision(id, SAMPLE_AT - id * SECOND, ticker)),
    result: null,
    pnlDollars: held === 0 ? null : 0.42,
  };
}

const asset = (name: string, indexDollars: number): AssetView => ({
  asset: name,
  indexDollars,
  indexSource: 'brti',
  indexAt: SAMPLE_AT - 400_000,
  volatilities: { forecast: 0.412, low: 0.29, high: 0.58, implied: 0.44, realised: 0.38 },
  confidence: 0.82,
  model: 'har-x',
  drift: null,
  cone: Array.from({ length: 30 }, (_, at) => ({
    at: SAMPLE_AT + (at + 1) * MINUTE,
    lowDollars: indexDollars * (1 - 0.0004 * Math.sqrt(at + 1)),
    highDollars: indexDollars * (1 + 0.0004 * Math.sqrt(at + 1)),
  })),
});

const order = (id: number, ticker: string): OrderView => ({
  clientOrderId: `v-${String(id).padStart(4, '0')}`,
  decisionId: 7 * id,
  ticker,
  side: id % 2 === 0 ? 'bid' : 'ask',
  limitTicks: 4_200,
  count: 500,
  filled: id % 3 === 0 ? 500 : id % 3 === 1 ? 200 : 0,
  averageTicks: id % 3 === 2 ? null : 4_180,
  feeDollars: 0.0172 * (id % 3),
  timeInForce: 'immediate_or_cancel',
  state: (['filled', 'resting', 'cancelled', 'rejected', 'unknown'] as const)[id % 5] ?? 'filled',
  why: id % 5 === 3 ? 'the exchange refused it: insufficient balance' : '',
  sentAt: SAMPLE_AT - id * 40 * SECOND,
  answeredMs: 38 + id,
  endedMs: id % 3 === 1 ? null : 412,
  markouts: { '1': 12, '5': -30, '30': 80, '60': id < 3 ? null : 140 },
  paper: id % 4 === 0 ? { filled: 300, averageDollars: 0.42 } : null,
});

const feed = (name: string, venue: string, state: FeedView['state'], id: number): FeedView => ({
  name,
  venue,
  state,
  heardAt: state === 'down' ? SAMPLE_AT - 95 * SECOND : SAMPLE_AT - 80_000 * (id + 1),
  gaps: id,
  reconnects: id % 2,
  shed: 0,
  rejected: id === 2 ? 4 : 0,
  clockOffsetMs: 12 - 7 * id,
});

interface Options {
  readonly mark?: Mark;
  readonly word?: StateWord['word'];
  readonly acts?: readonly Act[];
  /** So many strikes of the ladder. */
  readonly strikes?: number;
}

const REASONS: Readonly<Record<StateWord['word'], string>> = {
  TRADING: 'an order was approved 2 s ago: buys 5 YES at 42 ¢, edge 3.4 ¢ after the fee',
  WATCHING: 'nothing stands against trading; no contract has an edge beyond its error',
  REDUCE: 'the day has lost $41.20 of $50.00: only orders that make positions smaller',
  HALTED: 'the operator halted it: news',
  BLIND: 'it runs, and nothing has come of Kraken and Kalshi for 12 s',
};

/** A made state of a lane with two assets, a ladder, orders, feeds and a log: every part of it is filled. */
export function sampleState({
  mark = 'SIMULATED',
  word = 'WATCHING',
  acts = ['halt', 'resume', 'cancelAll', 'flatten', 'cap'],
  strikes = 20,
}: Options = {}): ConsoleState {
  const ladder = Array.from({ length: strikes }, (_, at) =>
    contract('KXBTCD', SAMPLE_AT + 25 * MINUTE, 90_250 + 50 * (at - Math.floor(strikes / 2)), at + 2),
  );
  const contracts = [contract('KXBTC15M', SAMPLE_AT + 10 * MINUTE, 90_240, 1), ...ladder];
  const closed: ContractView = {
    ...contract('KXBTC15M', SAMPLE_AT - 5 * MINUTE, 90_190, 5),
    result: 'yes',
    pnlDollars: 2.9,
  };
  const tickers = contracts.map(({ ticker }) => ticker);
  const decisions = Array.from({ length: 120 }, (_, at) =>
    lineOf(sampleDecision(at + 1, SAMPLE_AT - (120 - at) * SECOND, tickers[at % tickers.length] ?? '')),
  );
  const orders = Array.from({ length: 12 }, (_, at) => order(at + 1, tickers[at % tickers.length] ?? ''));
  const fills = orders
    .filter(({ filled }) => filled > 0)
    .map(
      (each): FillView => ({
        at: each.sentAt + 200_000,
        fillId: `f-${each.clientOrderId}`,
        clientOrderId: each.clientOrderId,
        ticker: each.ticker,
        side: each.side,
        priceTicks: 4_180,
        count: each.filled,
        taker: true,
        feeDollars: each.feeDollars,
      }),
    );
  const { uniform: draw } = random(7);
  let price = INDEX;
  const prices = Array.from({ length: 900 }, (_, at) => {
    price += 8 * (draw() - 0.5);
    return { asset: 'BTC', at: SAMPLE_AT - (900 - at) * SECOND, indexDollars: price, spotDollars: price + 2 };
  });
  const minutes = Array.from({ length: 120 }, (_, at) => SAMPLE_AT - (120 - at) * MINUTE);
  return {
    patch: 1,
    seq: 12_000,
    at: SAMPLE_AT,
    values: {
      lane: { mark, name: 'demo-1405', label: 'config/demo.yaml', acts, speed: 60 },
      word: { word, reason: REASONS[word], since: SAMPLE_AT - 3 * MINUTE },
      money: {
        cashDollars: 981.42,
        reservedDollars: 4.2,
        dayDollars: 4.18,
        feesDollars: 0.84,
        equityDollars: 1_004.18,
        peakDollars: 1_006.02,
        worstDollars: -12.3,
        markedDollars: 3.2,
        openPositions: 5,
        openOrders: 1,
      },
      limits: [
        { name: 'dayLoss', title: 'loss of the day', unit: 'dollars', used: 12.3, limit: 50 },
        { name: 'totalLoss', title: 'worst of all held', unit: 'dollars', used: 42.3, limit: 50 },
        { name: 'closeLoss', title: 'worst of one close', unit: 'dollars', used: 8.1, limit: 25 },
        { name: 'position', title: 'largest position', unit: 'contracts', used: 5, limit: 10 },
        { name: 'ordersOpen', title: 'open orders', unit: 'orders', used: 1, limit: 10 },
        { name: 'orderRate', title: 'orders', unit: 'ordersPerMinute', used: 3, limit: 30 },
        {
          name: 'laneDollarsPerDay',
          title: 'cost of the orders, lane',
          unit: 'dollars',
          used: 20,
          limit: 50,
        },
      ],
      checks: [
        {
          check: 'edge',
          refused: 840,
          settled: 610,
          wouldDollars: -0.011,
          lowDollars: -0.019,
          highDollars: -0.003,
        },
        {
          check: 'spread',
          refused: 42,
          settled: 30,
          wouldDollars: 0.004,
          lowDollars: -0.02,
          highDollars: 0.03,
        },
      ],
      quality: [
        { asset: 'BTC', minutes: 15, member: 'har-x', count: 400, qlike: 0.21, ratio: 0.91, coverage: 0.79 },
        { asset: 'BTC', minutes: 15, member: 'baseline', count: 400, qlike: 0.23, ratio: 1, coverage: null },
      ],
      reliability: Array.from({ length: 10 }, (_, at) => ({
        from: at / 10,
        to: (at + 1) / 10,
        count: 40 + at,
        meanProbability: at / 10 + 0.05,
        shareYes: at / 10 + 0.04,
      })),
      score: {
        sentence:
          'not yet: blend minus mid is −0.0010 ± 0.0040 in log-loss over 40 closes, which covers zero',
        markets: 40,
        closes: 40,
        rows: 900,
        forgotten: 0,
        logLoss: { model: 0.41, mid: 0.4, blend: 0.399 },
        blendMinusMid: -0.001,
        standardError: 0.002,
        weight: 0.2,
        weightError: 0.15,
        slope: { model: 0.9, mid: 1, blend: 1 },
        brier: { model: 0.13, mid: 0.125, blend: 0.125 },
        marketsNeeded: 3_900,
      },
      health: { loopDelayMs: 1.2, queued: 3, sinkDropped: 0 },
    },
    maps: {
      assets: { BTC: asset('BTC', INDEX), ETH: asset('ETH', 3_104.5) },
      contracts: Object.fromEntries([...contracts, closed].map((each) => [each.ticker, each])),
      payoffs: {
        'BTC 14:15': {
          asset: 'BTC',
          closeAt: SAMPLE_AT + 10 * MINUTE,
          points: [
            [90_000, -8.1],
            [90_240, -8.1],
            [90_240, 4.9],
            [90_500, 4.9],
          ],
          worst: [90_000, -8.1],
        },
      },
      orders: Object.fromEntries(orders.map((each) => [each.clientOrderId, each])),
      feeds: Object.fromEntries(
        [
          feed('kraken book', 'kraken', 'live', 0),
          feed('kraken trades', 'kraken', 'live', 1),
          feed('kalshi', 'kalshi', 'live', 2),
          feed('index', 'kalshi', 'silent', 3),
          feed('coinbase', 'coinbase', 'down', 4),
        ].map((each) => [each.name, each]),
      ),
    },
    rings: {
      prices,
      volatilities: minutes.map((at) => ({
        asset: 'BTC',
        at,
        forecast: 0.41,
        low: 0.29,
        high: 0.58,
        implied: 0.44,
        realised: 0.38,
      })),
      equity: minutes.map((at, index) => ({
        at,
        equityDollars: 1_000 + index / 28,
        dayDollars: index / 28,
        worstDollars: -12,
      })),
      abstentions: minutes.map((at) => ({ at, approved: 1, byCheck: { edge: 20, spread: 3 } })),
      decisions,
      fills,
      log: [
        { at: SAMPLE_AT - 60 * MINUTE, level: 'info', about: 'session', text: 'the session began' },
        {
          at: SAMPLE_AT - 4 * MINUTE,
          level: 'warn',
          about: 'feed',
          text: 'coinbase: a gap, its book is void',
        },
        { at: SAMPLE_AT - 2 * MINUTE, level: 'bad', about: 'difference', text: 'cash differs by $0.02' },
      ],
    },
  };
}

/**
 * The patch after a state as a busy lane sends it: index, books, decisions, money and rings all move. The
 * same state and seed give the same patch.
 */
export function samplePatch(state: ConsoleState, seed: number): ConsolePatch {
  const { uniform: draw } = random(seed);
  const at = state.at + 50_000;
  const id = (state.rings.decisions.at(-1)?.id ?? 0) + 1;
  const contracts = Object.values(state.maps.contracts).filter(({ closeAt }) => closeAt > at);
  const changed = contracts.filter(() => draw() < 0.5);
  const decided = contracts[id % Math.max(1, contracts.length)];
  const btc = state.maps.assets['BTC'] ?? asset('BTC', INDEX);
  const index = (btc.indexDollars ?? INDEX) + 30 * (draw() - 0.5);
  const { money } = state.values;
  return {
    patch: state.patch + 1,
    seq: state.seq + 40,
    at,
    values: {
      ...(money ? { money: { ...money, dayDollars: 40 * (draw() - 0.5), worstDollars: -120 * draw() } } : {}),
      limits: state.values.limits.map((limit) => ({
        ...limit,
        used: Math.round(limit.limit * draw() * 100) / 100,
      })),
    },
    maps: {
      assets: { BTC: { ...btc, indexDollars: index, indexAt: at - Math.round(900_000 * draw()) } },
      contracts: Object.fromEntries(
        changed.map((each) => {
          const bidTicks = 100 * (1 + Math.floor(97 * draw()));
          return [
            each.ticker,
            {
              ...each,
              bidTicks,
              askTicks: bidTicks + 100,
              bidCount: Math.floor(1_500_000 * draw()),
              fairTicks: Math.floor(10_000 * draw()),
              decision: sampleDecision(id, at, each.ticker),
            },
          ];
        }),
      ),
    },
    rings: {
      decisions: decided ? [lineOf(sampleDecision(id, at, decided.ticker))] : [],
      prices: [{ asset: 'BTC', at, indexDollars: index, spotDollars: index + 2 }],
      log: id % 10 === 0 ? [{ at, level: 'info', about: 'order', text: `order ${id} was filled` }] : [],
    },
  };
}
