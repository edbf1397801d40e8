import { MILLISECOND, MINUTE, type Micros, SECOND } from '../../src/domain/time.ts';
import type { Point } from '../../src/telemetry/point.ts';
import { point } from '../../src/telemetry/typed-point.ts';

const SERIES = 'KXBTC15M';
const ordered = { ticker: `${SERIES}-26JUN011345-45`, clientOrderId: 'v-1' };
const upTo = (count: number): readonly number[] => Array.from({ length: count }, (_, i) => i);

/** A point of each measurement of the console's state, as a lane in some trouble would write them at `at`. */
export function statePointsAt(at: Micros): readonly Point[] {
  // Values differ from point to point, so that no panel is a flat line by chance.
  const wave = Math.sin(at / MINUTE);
  const index = 80_000 + 50 * wave;
  return [
    ...upTo(5).flatMap((i) =>
      point(
        'fair',
        at,
        { series: SERIES, rank: `${i - 2}` },
        {
          ticker: ordered.ticker,
          bidTicks: 4000 - 900 * (i - 2),
          askTicks: 4200 - 900 * (i - 2),
          fairTicks: 4150.5 - 880 * (i - 2) + 40 * wave,
          fairErrorTicks: 120.5,
          position: 300,
        },
      ),
    ),
    ...['next', 'later'].flatMap((close) =>
      upTo(41).flatMap((step) =>
        point(
          'payoff',
          at,
          { asset: 'BTC', close, step: `${step}` },
          {
            valueDollars: index + 10 * (step - 20),
            pnlDollars: step < 20 ? -2.5 : 3.25,
            closeAt: at + 10 * MINUTE,
            worst: step === 0,
          },
        ),
      ),
    ),
    ...point('limit', at, { name: 'dayLoss' }, { used: 12 + wave, limit: 40, headroom: 28 - wave }),
    ...point('limit', at, { name: 'openOrders' }, { used: 1, limit: 3, headroom: 2 }),
    ...['15', '60'].flatMap((minutes) =>
      ['ensemble', 'harX', 'patchtst'].flatMap((member, i) =>
        point(
          'quality',
          at,
          { asset: 'BTC', minutes, member },
          {
            count: 60,
            qlike: 0.21 + 0.01 * i,
            ratio: 0.95 + 0.2 * i + 0.02 * wave,
            coverage: 0.78,
          },
        ),
      ),
    ),
    ...upTo(10).flatMap((bin) =>
      point(
        'calibration',
        at,
        { bin: `${bin}` },
        {
          count: 12 + bin,
          meanProbability: bin / 10 + 0.05,
          shareYes: bin / 11 + 0.03,
        },
      ),
    ),
    ...['1', '5', '30', '60'].flatMap((seconds) =>
      point(
        'markout',
        at,
        { series: SERIES, side: 'bid', seconds },
        { ticks: 25 - Number(seconds), ...ordered },
      ),
    ),
    ...['answered', 'ended'].flatMap((stage, i) =>
      point(
        'orderLatency',
        at,
        { series: SERIES, stage },
        {
          ms: 42 + 60 * i + 5 * wave,
          clientOrderId: ordered.clientOrderId,
        },
      ),
    ),
    ...point('process', at, {}, { loopDelayMs: 3 + wave, heapMegabytes: 120, queued: 4 }),
    ...['influx', 'store', 'notify', 'console'].flatMap((sink, i) =>
      point(
        'sink',
        at,
        { sink },
        {
          written: Math.floor(at / SECOND) % 100_000,
          dropped: Math.floor(at / MINUTE) % 100,
          queued: 10 * i,
          refused: i,
          retries: 2,
        },
      ),
    ),
    ...point('state', at, { word: 'WATCHING' }, { reason: 'No decision is approved.', code: 3 }),
    ...point(
      'state',
      at + 20 * MILLISECOND,
      { word: 'HALTED' },
      { reason: 'An operator halted it.', code: 1 },
    ),
    ...['operator', 'supervisor'].flatMap((by) => point('halt', at, { by }, { reason: 'First try.' })),
    ...['edge', 'warm'].flatMap((check, i) =>
      point('abstention', at, { series: SERIES, check }, { count: 40 - 30 * i }),
    ),
    ...point(
      'score',
      at,
      {},
      {
        closes: 40,
        rows: 900,
        modelLogLoss: 0.41,
        midLogLoss: 0.4,
        blendLogLoss: 0.399,
        blendMinusMid: -0.001,
        standardError: 0.002,
        weight: 0.2,
        weightError: 0.15,
        modelSlope: 0.9,
        blendSlope: 1,
        marketsNeeded: 3_900,
        sentence: 'not yet',
      },
    ),
    ...point(
      'checkWorth',
      at,
      { check: 'edge' },
      {
        refused: 240,
        settled: 200,
        wouldDollars: -0.012,
        lowDollars: -0.03,
        highDollars: 0.006,
      },
    ),
    ...point(
      'volatility',
      at,
      { asset: 'BTC' },
      {
        forecast: 0.41 + 0.02 * wave,
        low: 0.3,
        high: 0.55,
        implied: 0.47,
        realised: 0.38,
      },
    ),
    ...['1', '5', '15', '60'].flatMap((minutesAhead) =>
      point(
        'cone',
        at,
        { asset: 'BTC', minutesAhead },
        {
          lowDollars: index - 30 * Math.sqrt(Number(minutesAhead)),
          highDollars: index + 30 * Math.sqrt(Number(minutesAhead)),
        },
      ),
    ),
    ...point('money', at, {}, { peakDollars: 1010, drawdownDollars: 12.5 + wave, markedDollars: 4.2 }),
    ...['kraken', 'kalshi'].flatMap((venue, i) =>
      point(
        'feed',
        at,
        { venue, feed: `${venue} book` },
        { live: i === 0, ageSeconds: 0.4 + i, gaps: i, reconnects: 1, shed: 0, rejected: 2 },
      ),
    ),
  ];
}
