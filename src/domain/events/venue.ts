import type { Contract, FeeTerms, StrikeType, TickBand } from '../contracts.ts';
import type { Count, PriceTicks } from '../money.ts';
import type { Micros, Stamped } from '../time.ts';
import type { Venue } from '../venues.ts';

/** Price and quantity as Kraken prints them; JSON numbers, to be made integers by the instrument's precision. */
export interface KrakenLevel {
  readonly price: number;
  readonly qty: number;
}

/** A Kraken v2 book message. Levels are applied in wire order, bids and asks absolute, quantity 0 deletes. */
export interface KrakenBookMessage extends Stamped {
  readonly kind: 'krakenBook';
  readonly symbol: string;
  readonly snapshot: boolean;
  readonly bids: readonly KrakenLevel[];
  readonly asks: readonly KrakenLevel[];
  readonly checksum: number;
}

/** A trade on a spot venue. `quantity` is undefined where the recording has none; `taker` is the aggressor's side. */
export interface SpotTrade extends Stamped {
  readonly kind: 'spotTrade';
  readonly venue: 'kraken' | 'coinbase';
  readonly symbol: string;
  readonly price: number;
  readonly quantity: number | undefined;
  readonly taker: 'buy' | 'sell' | undefined;
  readonly tradeId: number;
  /** True for the trades repeated by a subscription's snapshot: they stitch trade ids and are no new volume. */
  readonly replayed: boolean;
}

/** One state of Kraken's candle; the bar is final when a later `at` (its open) appears, or by the clock. `at` is the bar's open. */
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

/** What a venue says of itself. */
export interface VenueStatus extends Stamped {
  readonly kind: 'venueStatus';
  readonly venue: Venue;
  /** True only when matching runs. */
  readonly trading: boolean;
  readonly detail: string;
}

/** The socket is alive; says nothing about any subscription. */
export interface Heartbeat extends Stamped {
  readonly kind: 'heartbeat';
  readonly venue: Venue;
}

/** A request was granted or refused. Kalshi's acknowledgements take sequence numbers of their `sid`. */
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
  /** All markets of the subscription from now on, where the reply lists them. */
  readonly tickers?: readonly string[] | undefined;
}

/** Bids of a Kalshi book, both legs in YES prices: `bids` are YES bids, `asks` are NO bids at one dollar minus their price. */
export interface ContractSnapshot extends Stamped {
  readonly kind: 'contractSnapshot';
  readonly ticker: string;
  /** Undefined for a book that was read by REST: it belongs to no subscription and no delta follows it. */
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

/** Kalshi's ticker: top of book and cumulative volume (both sides of each trade counted). An empty side is undefined. */
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

/** What Kalshi said of a market's life; only the fields present in the frame are defined. */
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
}

/** A market as REST lists it: its whole terms at once. `valueUnits` is the published settlement value, undefined until there is one. */
export interface ContractListed extends Stamped {
  readonly kind: 'contractListed';
  readonly contract: Contract;
  readonly state: 'active' | 'inactive' | 'closed' | 'determined' | 'settled';
  readonly result: 'yes' | 'no' | undefined;
  readonly valueUnits: number | undefined;
}

/** Fee terms of a series (by REST) or of one event (`event_fee_update`); `fee` undefined lifts an event's own terms. */
export interface FeeTermsChanged extends Stamped {
  readonly kind: 'feeTerms';
  readonly scope: 'series' | 'event';
  /** Ticker of the series or of the event. */
  readonly ticker: string;
  readonly fee: FeeTerms | undefined;
}

/** A print of the BRTI. `at` is the source's second or fifth of a second. */
export interface IndexPrint extends Stamped {
  readonly kind: 'indexPrint';
  readonly indexId: string;
  readonly sid: number;
  readonly seq: number;
  readonly cents: number;
  /** 1 for the prints that settle contracts, 5 for the fast channel. */
  readonly hertz: 1 | 5;
}

/** A frame that could not be read: never misread, never fatal, always counted. `excerpt` is the frame's first 200 characters. */
export interface Rejected extends Stamped {
  readonly kind: 'rejected';
  readonly venue: Venue;
  readonly why: string;
  readonly excerpt: string;
}

/** A hole that a `gap` named is filled: nothing of it is missing any more. `scope` is the gap's. */
export interface Recovered extends Stamped {
  readonly kind: 'recovered';
  readonly venue: Venue;
  readonly cause: Gap['cause'];
  readonly scope: string;
  readonly detail: string;
}

/** State built on a feed has become void. `scope` names what: a symbol, a ticker, a sid's tickers or everything of the venue. */
export interface Gap extends Stamped {
  readonly kind: 'gap';
  readonly venue: Venue;
  readonly cause: 'checksum' | 'sequence' | 'tradeId' | 'disconnect' | 'session' | 'negativeLevel';
  readonly scope: string;
  readonly detail: string;
  /** Of a `tradeId` gap: the trades that were missed, and the venue's time of the last one known before them. */
  readonly missing?: { readonly firstId: number; readonly lastId: number; readonly sinceAt: Micros };
}

/** What codecs make of wire frames. */
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
  | Rejected;
