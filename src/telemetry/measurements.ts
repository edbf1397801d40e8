/**
 * The type of a field. InfluxDB fixes a field's type at its first write, so the type is declared, not guessed
 * from the first number.
 */
export type FieldKind = 'integer' | 'float' | 'boolean' | 'text';

/** Tags and fields of one measurement. */
export interface Measurement {
  readonly tags: readonly string[];
  readonly fields: Readonly<Record<string, FieldKind>>;
}

/**
 * Every measurement that telemetry writes. Tickers are fields, not tags: there are thousands a day, and each
 * would be a new series in the database; `series` (KXBTC15M) is the tag. Prices are in $0.0001, counts in
 * 0.01 contracts, cash in $0.0001, as in `domain/money.ts`.
 */
export const measurements = {
  forecast: { tags: ['asset', 'model'], fields: { annualisedVolatility: 'float' } },
  forecastHorizon: {
    tags: ['asset', 'model', 'minutes'],
    fields: {
      annualisedVolatility: 'float',
      lowAnnualisedVolatility: 'float',
      highAnnualisedVolatility: 'float',
      logVariance: 'float',
      lowLogVariance: 'float',
      highLogVariance: 'float',
    },
  },
  tick: {
    tags: ['asset'],
    fields: {
      orderFlow: 'float',
      depthMean1: 'float',
      depthLast1: 'float',
      depthMean5: 'float',
      depthLast5: 'float',
      depthMean10: 'float',
      depthLast10: 'float',
      microprice: 'float',
      spreadMean: 'float',
      tradeRate: 'float',
      signedVolume: 'float',
      bookRate: 'float',
      midVariance: 'float',
      basisMean: 'float',
      impliedVolatility: 'float',
      contractDepth: 'float',
    },
  },
  index: { tags: ['asset', 'source'], fields: { valueDollars: 'float', errorBasisPoints: 'float' } },
  decision: {
    tags: ['series', 'verdict', 'side'],
    fields: {
      id: 'integer',
      ticker: 'text',
      bidTicks: 'integer',
      askTicks: 'integer',
      limitTicks: 'integer',
      count: 'integer',
      modelProbability: 'float',
      probability: 'float',
      probabilityError: 'float',
      edgeDollars: 'float',
      feeDollars: 'float',
      failing: 'text',
    },
  },
  refusal: {
    tags: ['series', 'check'],
    fields: { decisionId: 'integer', ticker: 'text', observed: 'float', limit: 'float', headroom: 'float' },
  },
  order: {
    tags: ['series', 'state'],
    fields: {
      clientOrderId: 'text',
      ticker: 'text',
      side: 'text',
      limitTicks: 'integer',
      count: 'integer',
      why: 'text',
    },
  },
  fill: {
    tags: ['series', 'side', 'liquidity'],
    fields: {
      fillId: 'text',
      clientOrderId: 'text',
      ticker: 'text',
      priceTicks: 'integer',
      count: 'integer',
      feeMicroDollars: 'integer',
      cash: 'integer',
    },
  },
  settlement: {
    tags: ['series', 'result', 'source'],
    fields: { ticker: 'text', valueDollars: 'float', position: 'integer', cash: 'integer', pnl: 'integer' },
  },
  account: {
    tags: [],
    fields: {
      cashDollars: 'float',
      reservedDollars: 'float',
      realisedDollars: 'float',
      feesDollars: 'float',
      dayDollars: 'float',
      equityDollars: 'float',
      worstDollars: 'float',
      openPositions: 'integer',
      openOrders: 'integer',
    },
  },
  priceDoubt: { tags: ['asset', 'source', 'state'], fields: { valueDollars: 'float', why: 'text' } },
  divergence: {
    tags: ['series'],
    fields: {
      ticker: 'text',
      clientOrderId: 'text',
      paperCount: 'integer',
      venueCount: 'integer',
      paperDollars: 'float',
      venueDollars: 'float',
      paperFeeDollars: 'float',
      venueFeeDollars: 'float',
      paperMs: 'float',
      venueMs: 'float',
    },
  },
  difference: { tags: ['series', 'about'], fields: { ticker: 'text', entered: 'boolean', why: 'text' } },
  venueStatus: { tags: ['venue'], fields: { trading: 'boolean', detail: 'text' } },
  gap: { tags: ['venue', 'cause'], fields: { scope: 'text', detail: 'text' } },
  connection: { tags: ['venue', 'change'], fields: { detail: 'text' } },
  clock: { tags: ['venue'], fields: { offsetMs: 'float', roundTripMs: 'float' } },
  rejected: { tags: ['venue'], fields: { why: 'text' } },
  feedSilence: { tags: ['asset', 'feed'], fields: { silent: 'boolean', heardSecondsAgo: 'float' } },
  feedLacking: { tags: ['asset', 'feed'], fields: { told: 'boolean' } },
} as const satisfies Readonly<Record<string, Measurement>>;
