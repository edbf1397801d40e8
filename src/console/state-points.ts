import { MINUTE, type Micros, SECOND } from '../domain/time.ts';
import type { Point } from '../telemetry/point.ts';
import { point } from '../telemetry/typed-point.ts';
import { fairPoints } from './fair-points.ts';
import { orderPoints } from './order-points.ts';
import { payoffPoints } from './payoff-points.ts';
import type { ConsoleState, StateWord } from './state.ts';

/** The number of each word, from worst to best. */
export const STATE_CODES: Readonly<Record<StateWord['word'], number>> = {
  BLIND: 0,
  HALTED: 1,
  REDUCE: 2,
  WATCHING: 3,
  TRADING: 4,
};
const BINS = 10;

const wordPoints = ({ at, values: { word } }: ConsoleState): readonly Point[] =>
  point('state', at, { word: word.word }, { reason: word.reason, code: STATE_CODES[word.word] });

const limitPoints = ({ at, values: { limits } }: ConsoleState): readonly Point[] =>
  limits.flatMap(({ name, used, limit }) =>
    point('limit', at, { name }, { used, limit, headroom: limit - used }),
  );

const moneyPoints = ({ at, values: { money } }: ConsoleState): readonly Point[] => {
  if (!money) return [];
  const { peakDollars, equityDollars, markedDollars } = money;
  return point(
    'money',
    at,
    {},
    { peakDollars, drawdownDollars: Math.max(0, peakDollars - equityDollars), markedDollars },
  );
};

const feedPoints = ({ at, maps: { feeds } }: ConsoleState): readonly Point[] =>
  Object.values(feeds).flatMap(({ venue, name, state, heardAt, gaps, reconnects, shed, rejected }) =>
    point(
      'feed',
      at,
      { venue, feed: name },
      {
        live: state === 'live',
        ageSeconds: heardAt === null ? null : Math.max(0, at - heardAt) / SECOND,
        gaps,
        reconnects,
        shed,
        rejected,
      },
    ),
  );

const scorePoints = ({
  at,
  values: { quality, reliability, checks, score },
}: ConsoleState): readonly Point[] => [
  ...quality.flatMap(({ asset, minutes, member, count, qlike, ratio, coverage }) =>
    point('quality', at, { asset, minutes: String(minutes), member }, { count, qlike, ratio, coverage }),
  ),
  ...reliability
    .filter(({ count }) => count > 0)
    .flatMap(({ from, count, meanProbability, shareYes }) =>
      point(
        'calibration',
        at,
        { bin: String(Math.min(BINS - 1, Math.round(from * BINS))) },
        { count, meanProbability, shareYes },
      ),
    ),
  ...checks.flatMap(({ check, refused, settled, wouldDollars, lowDollars, highDollars }) =>
    point('checkWorth', at, { check }, { refused, settled, wouldDollars, lowDollars, highDollars }),
  ),
  ...(score
    ? point(
        'score',
        at,
        {},
        {
          closes: score.closes,
          rows: score.rows,
          modelLogLoss: score.logLoss.model,
          midLogLoss: score.logLoss.mid,
          blendLogLoss: score.logLoss.blend,
          blendMinusMid: score.blendMinusMid,
          standardError: score.standardError,
          weight: score.weight,
          weightError: score.weightError,
          modelSlope: score.slope.model,
          blendSlope: score.slope.blend,
          marketsNeeded: score.marketsNeeded,
          sentence: score.sentence,
        },
      )
    : []),
];

const conePoints = ({ at, maps: { assets } }: ConsoleState): readonly Point[] =>
  Object.values(assets).flatMap(({ asset, cone }) =>
    cone.flatMap(({ at: then, lowDollars, highDollars }) =>
      point(
        'cone',
        at,
        { asset, minutesAhead: String(Math.round((then - (cone[0]?.at ?? then)) / MINUTE)) },
        { lowDollars, highDollars },
      ),
    ),
  );

/**
 * Makes points of a console's state, each time it is called with a later one: fair values, limits and new
 * markouts and latencies each time, the word when it changes, and everything else once a minute of event time.
 * The points of one call have the state's own time.
 */
export function statePoints(): (state: ConsoleState) => readonly Point[] {
  const orders = orderPoints();
  let word = '';
  let minute = Number.NEGATIVE_INFINITY;
  let volatilitiesUntil: Micros = Number.NEGATIVE_INFINITY;

  const volatilityPoints = ({ rings: { volatilities } }: ConsoleState): readonly Point[] => {
    const fresh = volatilities.filter(({ at }) => at > volatilitiesUntil);
    for (const { at } of fresh) volatilitiesUntil = Math.max(volatilitiesUntil, at);
    return fresh.flatMap(({ at, asset, ...volatility }) => point('volatility', at, { asset }, volatility));
  };

  return (state) => {
    if (state.seq === 0) return [];
    const now = Math.floor(state.at / MINUTE);
    const isMinute = now > minute;
    minute = Math.max(minute, now);
    const { word: name, reason } = state.values.word;
    const changed = `${name} ${reason}` !== word;
    word = `${name} ${reason}`;
    return [
      ...fairPoints(state),
      ...limitPoints(state),
      ...orders(state),
      ...(changed || isMinute ? wordPoints(state) : []),
      ...(isMinute
        ? [
            ...moneyPoints(state),
            ...feedPoints(state),
            ...payoffPoints(state),
            ...scorePoints(state),
            ...conePoints(state),
            ...volatilityPoints(state),
          ]
        : []),
    ];
  };
}
