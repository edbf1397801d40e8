import type { Contract, FeeTerms, SettlesBy, StrikeType, TickBand } from '../contracts.ts';
import type { Count, PriceTicks } from '../money.ts';
import type { Micros, Stamped } from '../time.ts';
import type { SpotVenue, Venue } from '../venues.ts';
import type { GatewayEvent } from './order.ts';
import type { VenueAccountEvent } from './venue-account.ts';

/**
 * Price and quantity as Kraken sends them: JSON numbers. The instrument's precision turns them into integers.
 */
export interface KrakenLevel {
  readonly price: number;
  readonly qty: number;
}

/**
 * A Kraken v2 book message. Levels are applied in the order in which they are listed. Each replaces the
 * quantity at its price, and quantity 0 deletes the level.
 */
export interface KrakenBookMessage extends Stamped {
  readonly kind: 'krakenBook';
  readonly symbol: string;
  readonly snapshot: boolean;
  readonly bids: readonly KrakenLevel[];
  readonly asks: readonly KrakenLevel[];
  readonly checksum: number;
}

/**
 * A trade on a spot venue. `quantity` is undefined where the recording has none; `taker` is the aggressor's
 * side.
 */
export interface SpotTrade extends Stamped {
  readonly kind: 'spotTrade';
  readonly venue: SpotVenue;
  readonly symbol: string;
  readonly price: number;
  readonly quantity: number | undefined;
  readonly taker: 'buy' | 'sell' | undefined;
  readonly tradeId: number;
  /**
   * True for the trades that a subscription's snapshot repeats. They show whether trade ids are missing, and
   * add no volume.
   */
  readonly replayed: boolean;
}

/**
 * One state of Kraken's candle. `at` is the time at which the bar opens. The bar is final when a candle with
 * a later `at` comes, or when our clock says so.
 */
export interface KrakenOhlc extends Stamped {
  readonly kind: 'krakenOhlc';
  readonly symbol: string;
  readonly open: number;
  readonly high: number;
  readonly low: number;
  readonly close: number;
  readonly volume: number;
  readonly intervalMinutes: number;
  readonly snapshot: boolean;
}

/** Precision of a Kraken pair: decimals of price and quantity. */
export interface KrakenInstrument extends Stamped {
  readonly kind: 'krakenInstrument';
  readonly symbol: string;
  readonly status: string;
  readonly pricePrecision: number;
  readonly quantityPrecision: number;
}

/** The state that a venue reports of itself. */
export interface VenueStatus extends Stamped {
  readonly kind: 'venueStatus';
  readonly venue: Venue;
  /** True only when matching runs. */
  readonly trading: boolean;
  readonly detail: string;
  /** For a venue with several shards: the state of each shard that it names. `tradingOf` reads them. */
  readonly shards?: readonly { readonly index: number; readonly trading: boolean }[];
}

/**
 * Whether contracts of that shard trade: by the shard's own state where the venue sends it, else by the
 * venue's.
 */
export const tradingOf = (
  { trading, shards }: Pick<VenueStatus, 'trading' | 'shards'>,
  exchangeIndex: number | undefined,
): boolean => shards?.find(({ index }) => index === exchangeIndex)?.trading ?? trading;

/** The socket is alive. It proves nothing about any subscription. */
export interface Heartbeat extends Stamped {
  readonly kind: 'heartbeat';
  readonly venue: Venue;
}

/** A request was granted or refused. Kalshi's acknowledgements use up sequence numbers of their `sid`. */
export interface Acknowledgement extends Stamped {
  readonly kind: 'acknowledgement';
  readonly venue: Venue;
  readonly method: string;
  readonly accepted: boolean;
  readonly channel: string | undefined;
  readonly symbol: string | undefined;
  readonly detail: string | undefined;
  readonly sid: number | undefined;
  readonly seq: number | undefined;
  /** Levels a side of the book that was granted, where the answer says it. */
  readonly depth?: number | undefined;
  /** All markets of the subscription after this request, where the answer lists them. */
  readonly tickers?: readonly string[] | undefined;
}

/**
 * A whole Kalshi book in YES prices. `bids` are the YES bids. `asks` are the NO bids, each at one dollar
 * minus its price.
 */
export interface ContractSnapshot extends Stamped {
  readonly kind: 'contractSnapshot';
  readonly ticker: string;
  /** Undefined for a book that was read by REST: it belongs to no subscription, and no deltas follow it. */
  readonly sid: number | undefined;
  readonly seq: number | undefined;
  /** Price and count, alternating: [ticks, count, ticks, count, …]. */
  readonly bids: readonly number[];
  readonly asks: readonly number[];
}

/** A signed change of one level of a Kalshi book, in YES prices. */
export interface ContractDelta extends Stamped {
  readonly kind: 'contractDelta';
  readonly ticker: string;
  readonly sid: number;
  readonly seq: number;
  readonly side: 'bid' | 'ask';
  readonly priceTicks: PriceTicks;
  readonly delta: Count;
}

/**
 * Kalshi's ticker message: top of book and cumulative volume, which counts both sides of each trade. The
 * price of an empty side is undefined.
 */
export interface ContractTicker extends Stamped {
  readonly kind: 'contractTicker';
  readonly ticker: string;
  readonly lastTicks: PriceTicks;
  readonly bidTicks: PriceTicks | undefined;
  readonly askTicks: PriceTicks | undefined;
  readonly volume: Count;
  readonly openInterest: Count;
}

/** A public trade on Kalshi, YES price. */
export interface ContractTrade extends Stamped {
  readonly kind: 'contractTrade';
  readonly ticker: string;
  readonly sid: number;
  readonly seq: number;
  readonly tradeId: string;
  readonly priceTicks: PriceTicks;
  readonly count: Count;
  /** Side of the YES book that took liquidity. */
  readonly taker: 'bid' | 'ask';
  readonly block: boolean;
}

/**
 * A change in a market's life, from Kalshi's lifecycle channel. Only the fields present in the message are
 * defined.
 */
export interface ContractLifecycle extends Stamped {
  readonly kind: 'contractLifecycle';
  readonly ticker: string;
  readonly sid: number;
  readonly seq: number;
  readonly change: string;
  readonly openAt: number | undefined;
  readonly closeAt: number | undefined;
  readonly event: string | undefined;
  readonly strikeType: StrikeType | undefined;
  readonly floorUnits: number | undefined;
  readonly capUnits: number | undefined;
  readonly tickBands: readonly TickBand[] | undefined;
  readonly exchangeIndex: number | undefined;
  readonly result: 'yes' | 'no' | undefined;
  readonly deactivated: boolean | undefined;
  /** Left out where the message states no rule of settlement. */
  readonly settlesBy?: SettlesBy;
}

/**
 * A market as REST lists it, with all its terms but the fees, which only its series and its event state.
 * `valueUnits` is the published settlement value, undefined until there is one.
 */
export interface ContractListed extends Stamped {
  readonly kind: 'contractListed';
  readonly contract: Omit<Contract, 'fee'>;
  readonly state: 'active' | 'inactive' | 'closed' | 'determined' | 'settled';
  readonly result: 'yes' | 'no' | undefined;
  readonly valueUnits: number | undefined;
}

/**
 * Fee terms of a series (by REST) or of one event (`event_fee_update`). If `fee` is undefined, the event's
 * own terms are lifted. If it is `unknown`, the venue has new terms that we cannot compute. Such a message is
 * not `rejected`, because it does revoke the old terms: without it, the contract would be traded on fees that
 * no longer hold.
 */
export interface FeeTermsChanged extends Stamped {
  readonly kind: 'feeTerms';
  readonly scope: 'series' | 'event';
  /** Ticker of the series or of the event. */
  readonly ticker: string;
  readonly fee: FeeTerms | 'unknown' | undefined;
}

/**
 * A print of an asset's index, in units of 10^-`decimals` dollars. `at` is the time of the print at its
 * source: a whole second, or a fifth of one on the fast channel.
 */
export interface IndexPrint extends Stamped {
  readonly kind: 'indexPrint';
  readonly indexId: string;
  readonly sid: number;
  readonly seq: number;
  /** Name of the asset that the index settles. */
  readonly asset: string;
  readonly units: number;
  readonly decimals: number;
  /** 1 for the prints that settle contracts, 5 for the fast channel. */
  readonly hertz: 1 | 5;
}

/**
 * A frame that could not be read, or a stamp that cannot be. It is counted and otherwise ignored. `excerpt`
 * holds the first 200 characters of the frame.
 */
export interface Rejected extends Stamped {
  readonly kind: 'rejected';
  readonly venue: Venue;
  readonly why: string;
  readonly excerpt: string;
}

/**
 * What a venue's stamps tell of its clock against ours: `offsetMicros` is venue minus ours, the value nearest
 * to zero that explains every stamp of the last seconds.
 */
export interface StampOffset extends Stamped {
  readonly kind: 'stampOffset';
  readonly venue: Venue;
  /** The asset whose events had the stamps; undefined for events of none. */
  readonly asset: string | undefined;
  readonly offsetMicros: Micros;
}

/** The hole behind a `gap` is filled: nothing of it is missing any more. `scope` is that of the gap. */
export interface Recovered extends Stamped {
  readonly kind: 'recovered';
  readonly venue: Venue;
  readonly cause: Gap['cause'];
  readonly scope: string;
  readonly detail: string;
}

/**
 * State built on a feed has become void. `scope` names what is void: a symbol, a ticker, the tickers of a sid
 * or everything of the venue. `history`: bars that were to warm a forecast are of another market.
 */
export interface Gap extends Stamped {
  readonly kind: 'gap';
  readonly venue: Venue;
  readonly cause:
    | 'checksum'
    | 'sequence'
    | 'tradeId'
    | 'disconnect'
    | 'session'
    | 'negativeLevel'
    | 'history';
  readonly scope: string;
  readonly detail: string;
  /**
   * For a `tradeId` gap: the ids of the missed trades, and the venue's time of the last trade before them.
   */
  readonly missing?: { readonly firstId: number; readonly lastId: number; readonly sinceAt: Micros };
}

/** What codecs make of a venue's texts. */
export type VenueEvent =
  | KrakenBookMessage
  | SpotTrade
  | KrakenOhlc
  | KrakenInstrument
  | VenueStatus
  | Heartbeat
  | Acknowledgement
  | ContractSnapshot
  | ContractDelta
  | ContractTicker
  | ContractTrade
  | ContractLifecycle
  | ContractListed
  | FeeTermsChanged
  | IndexPrint
  | VenueAccountEvent
  | Rejected;

/** What codecs give: events of the market, and what became of our own orders. */
export type CodecEvent = VenueEvent | GatewayEvent;
