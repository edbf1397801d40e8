import { flag, float, integer, type Measurement, over, tag, text } from './measurement.ts';
import { columns } from './shared-columns.ts';

const { asset, series, side, ticker, clientOrderId, venue } = columns;

/** What is written of the state that the console shows, once a second or once a minute. */
export const stateMeasurements = {
  fair: {
    meaning: 'Fair value of an open contract against its book, once a second',
    tags: {
      series,
      rank: tag('Place of the contract from the money: 0 is nearest, -10 far below, 10 far above', 'number'),
    },
    fields: {
      ticker,
      bidTicks: integer('ticks', 'Highest bid, in YES prices'),
      askTicks: integer('ticks', 'Lowest ask, in YES prices'),
      fairTicks: float('ticks', 'Our probability of YES as a price'),
      fairErrorTicks: float('ticks', 'Standard deviation of its error'),
      position: integer('centiContracts', 'What is held; NO is negative'),
    },
  },
  payoff: {
    meaning: 'Profit or loss of all that is held on one close, by settlement value, once a minute',
    tags: {
      asset,
      close: tag('next: the close that comes next; later: the one after it'),
      step: tag('Place on the curve, from 0 at its left end to 40 at its right end', 'number'),
    },
    fields: {
      valueDollars: float('dollars', 'The settlement value'),
      pnlDollars: float('dollars', 'Profit or loss if it settles there'),
      closeAt: integer('microsSince1970', 'The close'),
      worst: flag('Whether no other settlement value of the curve is worse'),
    },
  },
  limit: {
    meaning: 'A limit and what is used of it, once a second',
    tags: { name: tag('Name of the limit') },
    fields: {
      used: float('ofTheLimit', 'What is used'),
      limit: float('ofTheLimit', 'What is allowed'),
      headroom: float('ofTheLimit', 'What is left; negative when it is passed'),
    },
  },
  quality: {
    meaning: 'How good a forecast was over what has come true lately, once a minute',
    tags: {
      asset,
      minutes: tag('Length of the horizon', 'minutes'),
      member: tag('Member of the ensemble, or the ensemble itself'),
    },
    fields: {
      count: integer('number', 'Forecasts that have come true'),
      qlike: float('qlike', 'Mean loss'),
      ratio: float('ratio', "Mean loss over the baseline's of the same minutes; below 1 is better"),
      coverage: float('share', 'Share of outcomes inside the 10 to 90 % band; 0.8 is right'),
    },
  },
  calibration: {
    meaning: 'Probabilities of one tenth against what came, once a minute',
    tags: { bin: tag('Tenth of the probability: 0 is 0 to 10 %, 9 is 90 to 100 %', 'number') },
    fields: {
      count: integer('number', 'Probabilities in this tenth whose contract has settled'),
      meanProbability: float('share', 'Their mean'),
      shareYes: float('share', 'Share of them that settled YES'),
    },
  },
  markout: {
    meaning: 'How the price went after a fill, once for each order and delay',
    tags: { series, side, seconds: tag('Time after the fill: 1, 5, 30 or 60', 'seconds') },
    fields: {
      ticks: float('ticks', "Middle of the book against the fill's price; positive is in our favour"),
      ticker,
      clientOrderId,
    },
  },
  orderLatency: {
    meaning: 'Time from a decision to an answer about its order, once for each order and stage',
    tags: { series, stage: tag('answered: first answer of the venue; ended: the order is done') },
    fields: { ms: float('milliseconds', 'The time'), clientOrderId },
  },
  process: {
    meaning: 'The process itself, once a second',
    tags: {},
    fields: {
      loopDelayMs: over('max', float('milliseconds', 'Longest delay of the event loop in the second before')),
      heapMegabytes: float('megabytes', 'Heap in use'),
      queued: integer('number', 'Frames that wait for the graph'),
    },
  },
  sink: {
    meaning: 'Health of a destination of points, once a second; counts are since the start',
    tags: { sink: tag('influx, store, notify or console') },
    fields: {
      written: integer('number', 'Points taken by the destination'),
      dropped: integer('number', 'Points lost because a bound was reached'),
      queued: integer('number', 'Points that wait, in memory and on disk'),
      refused: integer('number', 'Points that the destination refused'),
      retries: integer('number', 'Requests that were made again'),
    },
  },
  state: {
    meaning: 'The one word of the console, when it changes and once a minute',
    tags: { word: tag('BLIND, HALTED, REDUCE, WATCHING or TRADING') },
    fields: {
      reason: text('Why, as a sentence'),
      code: integer('code', '0 BLIND, 1 HALTED, 2 REDUCE, 3 WATCHING, 4 TRADING'),
    },
  },
  halt: {
    meaning: 'A halt, when it begins',
    tags: { by: tag('operator, guard, supervisor, journal or other') },
    fields: { reason: text('Why, as a sentence') },
  },
  abstention: {
    meaning: 'Decisions of one minute that a check refused first',
    tags: { series, check: tag('Name of the check') },
    fields: { count: over('sum', integer('number', 'Decisions in the minute')) },
  },
  checkWorth: {
    meaning: 'What a check cost or saved once its contracts had settled, once a minute',
    tags: { check: tag('Name of the check') },
    fields: {
      refused: integer('number', 'Decisions that it refused first'),
      settled: integer('number', 'Those whose contract has settled'),
      wouldDollars: float('dollars', 'Mean profit or loss of one contract, had it been filled at its limit'),
      lowDollars: float('dollars', 'Lower end of the interval of that mean'),
      highDollars: float('dollars', 'Upper end of the interval of that mean'),
    },
  },
  score: {
    meaning: 'Model against market on own decisions whose contracts have settled, once a minute',
    tags: {},
    fields: {
      closes: integer(
        'number',
        'Closes that have settled: contracts of one series that close together are one',
      ),
      rows: integer('number', 'Decisions that were scored'),
      modelLogLoss: float('logLoss', 'Of the model'),
      midLogLoss: float('logLoss', 'Of the middle of the book'),
      blendLogLoss: float('logLoss', 'Of the blend of both'),
      blendMinusMid: float('logLoss', 'Blend minus middle; below zero the blend was better'),
      standardError: float('logLoss', 'Standard error of that difference, by close'),
      weight: float('ratio', 'Weight of the model that would have been best'),
      weightError: float('ratio', 'Its standard error, by close'),
      modelSlope: float('ratio', 'Calibration slope of the model: 1 is right, less is too sure'),
      blendSlope: float('ratio', 'Calibration slope of the blend'),
      marketsNeeded: integer('number', 'Closes that tell an advantage of .0005 from nothing'),
      sentence: text('What may be concluded'),
    },
  },
  volatility: {
    meaning: 'Forecast against implied against realised volatility, once a minute',
    tags: { asset },
    fields: {
      forecast: float('perYear', 'Forecast'),
      low: float('perYear', "Lower end of the forecast's band"),
      high: float('perYear', "Upper end of the forecast's band"),
      implied: float('perYear', 'Implied by the quotes of the contract nearest the money'),
      realised: float('perYear', 'Realised over the last hour'),
    },
  },
  cone: {
    meaning: 'Bounds within which the index lies with a chance of four in five, once a minute',
    tags: { asset, minutesAhead: tag('Time ahead', 'minutes') },
    fields: {
      lowDollars: float('dollars', 'One outcome in ten lies below'),
      highDollars: float('dollars', 'One outcome in ten lies above'),
    },
  },
  money: {
    meaning: 'The account against its peak and at prices of the moment, once a minute',
    tags: {},
    fields: {
      peakDollars: over('last', float('dollars', 'Highest equity so far')),
      drawdownDollars: over('last', float('dollars', 'Peak less equity')),
      markedDollars: over('last', float('dollars', 'Open positions at the prices that a sale would get')),
    },
  },
  feed: {
    meaning: 'Health of a feed, once a minute; counts are since the start',
    tags: { venue, feed: tag('Name of the feed') },
    fields: {
      live: flag('Whether it is neither silent, nor lacking, nor down'),
      ageSeconds: over('max', float('seconds', 'Time since its last frame')),
      gaps: integer('number', 'Gaps'),
      reconnects: integer('number', 'Connections made again'),
      shed: integer('number', 'Frames shed by a slow consumer'),
      rejected: integer('number', 'Frames that could not be read'),
    },
  },
} as const satisfies Readonly<Record<string, Measurement>>;
