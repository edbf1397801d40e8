import { tickSet } from '../features/sets/tick-set.ts';
import { type Field, flag, float, integer, type Measurement, over, tag, text } from './measurement.ts';
import { columns } from './shared-columns.ts';
import type { Unit } from './units.ts';

const { asset, series, venue, side, ticker, clientOrderId } = columns;

/** A feature of the tick rows, with the meaning that its own definition gives it. */
const ofTick = (name: string, unit: Unit): Field => {
  const feature = tickSet.find((each) => each.name === name);
  if (!feature)
    throw new Error(`telemetry: the catalogue names the tick feature ${name}, which is not there`);
  return float(unit, feature.about);
};

const model = tag('Model that made the forecast');

/** What is written for events as they come, at the event's own time. */
export const eventMeasurements = {
  forecast: {
    meaning: 'A forecast of volatility, once a minute and asset',
    tags: { asset, model },
    fields: { annualisedVolatility: float('perYear', 'Volatility over the next hour') },
  },
  forecastHorizon: {
    meaning: 'A forecast by horizon, with its band where the model has one',
    tags: { asset, model, minutes: tag('Length of the horizon', 'minutes') },
    fields: {
      annualisedVolatility: float('perYear', 'Volatility over the horizon'),
      lowAnnualisedVolatility: float('perYear', 'Lower end of the band, which one outcome in ten lies below'),
      highAnnualisedVolatility: float(
        'perYear',
        'Upper end of the band, which one outcome in ten lies above',
      ),
      logVariance: float(
        'logVariance',
        'The forecast itself: of the variance of the log price over the horizon',
      ),
      lowLogVariance: float('logVariance', 'Lower end of its band'),
      highLogVariance: float('logVariance', 'Upper end of its band'),
    },
  },
  tick: {
    meaning: "Features of one minute of the spot book and trades, the index and the contracts' books",
    tags: { asset },
    fields: {
      orderFlow: ofTick('orderFlow', 'coins'),
      depthMean1: ofTick('depthMean1', 'imbalance'),
      depthLast1: ofTick('depthLast1', 'imbalance'),
      depthMean5: ofTick('depthMean5', 'imbalance'),
      depthLast5: ofTick('depthLast5', 'imbalance'),
      depthMean10: ofTick('depthMean10', 'imbalance'),
      depthLast10: ofTick('depthLast10', 'imbalance'),
      microprice: ofTick('microprice', 'basisPoints'),
      spreadMean: ofTick('spreadMean', 'basisPoints'),
      tradeRate: ofTick('tradeRate', 'perSecond'),
      signedVolume: ofTick('signedVolume', 'coins'),
      bookRate: ofTick('bookRate', 'perSecond'),
      midVariance: ofTick('midVariance', 'variance'),
      basisMean: ofTick('basisMean', 'basisPoints'),
      impliedVolatility: ofTick('impliedVolatility', 'perYear'),
      contractDepth: ofTick('contractDepth', 'imbalance'),
    },
  },
  index: {
    meaning: 'A value of the index, published or made by its twin',
    tags: { asset, source: tag('prints: published; twin: made of spot venues while prints are missing') },
    fields: {
      valueDollars: float('dollars', 'The value'),
      errorBasisPoints: float('basisPoints', 'Standard deviation of its error'),
    },
  },
  decision: {
    meaning: 'A decision on a contract, approved or abstained',
    tags: { series, verdict: tag('approved or abstained'), side },
    fields: {
      id: integer('id', 'Number of the decision in the run'),
      ticker,
      bidTicks: integer('ticks', 'Highest bid, in YES prices'),
      askTicks: integer('ticks', 'Lowest ask, in YES prices'),
      limitTicks: integer('ticks', 'Limit of the proposed order, in YES prices'),
      count: integer('centiContracts', 'Size of the proposed order'),
      modelProbability: float('share', "The model's probability of YES"),
      probability: float('share', 'Probability of YES after the blend with the market'),
      probabilityError: float('share', 'Standard deviation of the error of that probability'),
      edgeDollars: float('dollars', 'Expected profit of one contract after its fee'),
      feeDollars: float('dollars', 'Fee of one contract'),
      failing: text('The checks that refused, apart by spaces'),
    },
  },
  refusal: {
    meaning: 'One check that refused a decision, with what it saw',
    tags: { series, check: tag('Name of the check') },
    fields: {
      decisionId: integer('id', 'Number of the decision'),
      ticker,
      observed: float('ofTheCheck', 'What the check saw'),
      limit: float('ofTheCheck', 'What it allows'),
      headroom: float('ofTheCheck', 'Distance to the limit; negative where it refused'),
    },
  },
  order: {
    meaning: "A step in an order's life",
    tags: {
      series,
      state: tag('sent, submitted, unknown, resting, filled, cancelled, expired or rejected'),
    },
    fields: {
      clientOrderId,
      ticker,
      side: text('bid buys YES, ask buys NO', 'word'),
      limitTicks: integer('ticks', 'Limit in YES prices, of an order that is sent'),
      count: integer(
        'centiContracts',
        'Size of a sent order, rest of a resting one, filled part of one that is done',
      ),
      why: text('Why it was rejected, or why its state is not known'),
    },
  },
  fill: {
    meaning: 'A fill of an order of ours',
    tags: { series, side, liquidity: tag('taker or maker') },
    fields: {
      fillId: text("The venue's id of the fill", 'id'),
      clientOrderId,
      ticker,
      priceTicks: integer('ticks', 'Price in YES prices'),
      count: over('sum', integer('centiContracts', 'Size')),
      feeMicroDollars: over('sum', integer('microDollars', 'Fee before rounding')),
      cash: over('sum', integer('cash', 'Change of the cash; negative when paid')),
    },
  },
  settlement: {
    meaning: 'What a contract paid that we held',
    tags: { series, result: tag('yes or no'), source: tag('Where the settlement value is from') },
    fields: {
      ticker,
      valueDollars: float('dollars', 'The settlement value'),
      position: integer('centiContracts', 'What was held; NO is negative'),
      cash: over('sum', integer('cash', 'What it paid')),
      pnl: over('sum', integer('cash', 'Profit or loss of the contract after fees')),
    },
  },
  account: {
    meaning: 'The account after a change of it',
    tags: {},
    fields: {
      cashDollars: over('last', float('dollars', 'Cash')),
      reservedDollars: over('last', float('dollars', 'What open orders reserve')),
      realisedDollars: over(
        'last',
        float('dollars', 'Realised since the run began, after fees; a contract counts when it settles'),
      ),
      feesDollars: over('last', float('dollars', 'Fees since the start')),
      dayDollars: over(
        'last',
        float('dollars', 'Realised on the UTC day, after fees, earlier runs of the account included'),
      ),
      equityDollars: over('last', float('dollars', 'Cash, and open positions at what they cost')),
      worstDollars: over(
        'last',
        float('dollars', 'Worst profit or loss of everything held and open, over all settlement values'),
      ),
      openPositions: integer('number', 'Contracts held'),
      openOrders: integer('number', 'Orders open'),
    },
  },
  ladder: {
    meaning: 'What the quotes of one close say of its settlement value, all strikes together',
    tags: { asset },
    fields: {
      closeAt: integer('microsSince1970', 'The close'),
      strikes: integer('number', 'Contracts past one strike that have a price'),
      volatility: float('perYear', 'Implied volatility until the close'),
      volatilityLow: float('perYear', 'Least that the quotes allow'),
      volatilityHigh: float('perYear', 'Most that the quotes allow'),
      forecastVolatility: float('perYear', "The forecast's own, in the same measure"),
      skew: float('ratio', 'Log of the deviation above the centre over that below it'),
      skewLow: float('ratio', 'Least that the quotes allow'),
      skewHigh: float('ratio', 'Most that the quotes allow'),
      depthImbalance: float('imbalance', 'Depth that wants a higher value less depth that wants a lower one'),
      agrees: flag("Whether one distribution of the settlement law's shape lies within all quotes"),
    },
  },
  bundle: {
    meaning: 'Quotes of one close that contradict each other after fees',
    tags: { asset, state: tag('found, gone, refused, bought, missed or broken') },
    fields: {
      legs: integer('number', 'Orders of the bundle'),
      contracts: text('Side and ticker of each', 'id'),
      count: integer('centiContracts', 'Count of each leg'),
      costDollars: float('dollars', 'What all legs cost, with fees'),
      payoffDollars: float('dollars', 'The least that they pay'),
      lastedMs: float('milliseconds', 'How long it was there'),
      refusedBy: text('Names of the findings that refuse it as a set'),
    },
  },
  priceDoubt: {
    meaning: 'A price that no other price bears out, and what became of it',
    tags: {
      asset,
      source: tag('index, or the name of the spot venue'),
      state: tag('held, confirmed or dropped'),
    },
    fields: { valueDollars: float('dollars', 'The price'), why: text('Why, in a sentence') },
  },
  divergence: {
    meaning: 'What paper made of an order beside what the venue made of it',
    tags: { series },
    fields: {
      ticker,
      clientOrderId,
      paperCount: integer('centiContracts', 'Filled on paper'),
      venueCount: integer('centiContracts', 'Filled at the venue'),
      paperDollars: float('dollars', 'Mean price on paper'),
      venueDollars: float('dollars', 'Mean price at the venue'),
      paperFeeDollars: float('dollars', 'Fees on paper'),
      venueFeeDollars: float('dollars', 'Fees at the venue'),
      paperMs: float('milliseconds', 'Life of the order on paper'),
      venueMs: float('milliseconds', 'Life of the order at the venue'),
    },
  },
  difference: {
    meaning: "A difference between our books and the venue's",
    tags: { series, about: tag('fill, order, settlement, position or cash') },
    fields: {
      ticker,
      entered: flag('Whether our books took it over'),
      why: text('What differs, in a sentence'),
    },
  },
  venueStatus: {
    meaning: 'The state that a venue reports of itself',
    tags: { venue },
    fields: { trading: flag('Whether its matching runs'), detail: text('In its own words') },
  },
  gap: {
    meaning: 'State built on a feed has become void',
    tags: { venue, cause: tag('checksum, sequence, tradeId, disconnect, session, negativeLevel or history') },
    fields: {
      scope: text('What is void: a symbol, a ticker or all of the venue'),
      detail: text('What was seen'),
    },
  },
  connection: {
    meaning: 'A change of a connection',
    tags: { venue, change: tag('What changed, such as opened, closed or resyncing') },
    fields: { detail: text('Why, in a sentence') },
  },
  clock: {
    meaning: "A venue's clock against ours",
    tags: { venue },
    fields: {
      offsetMs: float('milliseconds', "The venue's clock less ours"),
      roundTripMs: float('milliseconds', 'Time that the question took, both ways'),
    },
  },
  rejected: {
    meaning: 'A frame that could not be read',
    tags: { venue },
    fields: { why: text('Why, in a sentence') },
  },
  feedSilence: {
    meaning: 'A feed that was silent for too long, or has spoken again',
    tags: { asset, feed: tag('Name of the feed') },
    fields: {
      silent: flag('Whether it is silent'),
      heardSecondsAgo: float('seconds', 'Time since its last frame before that'),
    },
  },
  feedLacking: {
    meaning: 'A configured feed that this session does not have',
    tags: { asset, feed: tag('Name of the feed') },
    fields: { told: flag('Always true: a point needs a field') },
  },
} as const satisfies Readonly<Record<string, Measurement>>;
