import type { ForecastConfidence } from '../domain/events/forecast.ts';
import type { Micros } from '../domain/time.ts';
import type { LiveScore } from '../research/score/live-score.ts';
import type { CheckWorth } from '../risk/checks-worth.ts';

/** How real a lane is. `REPLAY` shows a recorded tape or a finished run. */
export type Mark = 'SIMULATED' | 'PAPER' | 'LIVE' | 'REPLAY';

/** Whose console this is. */
export interface ConsoleLane {
  readonly mark: Mark;
  /** Name of the session, and of the configuration. */
  readonly name: string;
  readonly label: string;
  /** What the operator may do here; empty where everything is read-only. */
  readonly acts: readonly Act[];
  /** Event time a second of wall time: 60 in the usual demo, 1 for a real market. */
  readonly speed: number;
}

/** What an operator may ask for. `cap` lowers a limit. */
export type Act = 'halt' | 'resume' | 'cancelAll' | 'flatten' | 'cap';

/**
 * The one word. TRADING: an order may leave now. WATCHING: nothing stands against it but no decision is
 * approved. REDUCE and HALTED as the gate says. BLIND: it runs and nothing feeds it.
 */
export interface StateWord {
  readonly word: 'TRADING' | 'WATCHING' | 'REDUCE' | 'HALTED' | 'BLIND';
  /** A sentence. */
  readonly reason: string;
  readonly since: Micros;
}

/** The account, in dollars. */
export interface Money {
  readonly cashDollars: number;
  readonly reservedDollars: number;
  /** Realised on the UTC day, after fees. */
  readonly dayDollars: number;
  readonly feesDollars: number;
  readonly equityDollars: number;
  readonly peakDollars: number;
  /** Worst profit or loss of everything held and open. */
  readonly worstDollars: number;
  /**
   * What open positions would bring after what they cost, at the prices that a sale would get; null where one
   * is not known.
   */
  readonly markedDollars: number | null;
  readonly openPositions: number;
  readonly openOrders: number;
}

/** A limit and what is used of it. */
export interface LimitUse {
  readonly name: string;
  /** In words, such as `loss of the day`. */
  readonly title: string;
  readonly unit: 'dollars' | 'contracts' | 'orders' | 'ordersPerMinute';
  readonly used: number;
  readonly limit: number;
}

/** Volatilities of one asset as shares a year of 365 days: 0.4 is 40 %. Null where not known. */
export interface Volatilities {
  readonly forecast: number | null;
  readonly low: number | null;
  readonly high: number | null;
  /** Implied by the quotes of the contract nearest the money. */
  readonly implied: number | null;
  /** Realised over the last hour. */
  readonly realised: number | null;
}

/** Bounds within which the index lies with a chance of four in five, at one time ahead. */
export interface ConePoint {
  readonly at: Micros;
  readonly lowDollars: number;
  readonly highDollars: number;
}

/** One asset. */
export interface AssetView {
  readonly asset: string;
  readonly indexDollars: number | null;
  /** `brti`, or `twin` where it is made of spot venues. */
  readonly indexSource: string | null;
  readonly indexAt: Micros | null;
  readonly volatilities: Volatilities;
  /** From 0 to 1; null for a model that does not say. */
  readonly confidence: number | null;
  readonly model: string | null;
  /** Why an ensemble may be believed: disagreement of its members, drift of its features; null without one. */
  readonly drift: ForecastConfidence | null;
  readonly cone: readonly ConePoint[];
}

/** One finding of a decision, in words too. */
export interface FindingView {
  readonly check: string;
  readonly observed: number | null;
  readonly limit: number | null;
  readonly headroom: number | null;
  readonly passed: boolean;
  readonly words: string;
}

/** A decision with its numbers. Its findings are asked for by its number, since they are eight tenths of it. */
export interface DecisionNumbers extends DecisionLine {
  readonly bidTicks: number | null;
  readonly askTicks: number | null;
  readonly limitTicks: number;
  readonly count: number;
  readonly modelProbability: number | null;
  readonly probability: number | null;
  readonly probabilityError: number | null;
  readonly feeDollars: number | null;
  readonly indexDollars: number | null;
  readonly volatilityPerYear: number | null;
  /** What would change the verdict. */
  readonly wouldPriceTicks: number | null;
  readonly wouldVolatilityFactor: number | null;
  readonly wouldAt: Micros | null;
}

/** A decision with all that led to it. */
export interface DecisionView extends DecisionNumbers {
  readonly inputs: string;
  readonly findings: readonly FindingView[];
}

/** A decision in one line. */
export interface DecisionLine {
  readonly id: number;
  readonly at: Micros;
  readonly ticker: string;
  readonly verdict: 'approved' | 'abstained';
  readonly side: 'bid' | 'ask';
  readonly edgeDollars: number | null;
  /** The checks that refused. */
  readonly failing: readonly string[];
  /** Why, as a sentence. */
  readonly why: string;
}

/**
 * An open contract, or one that has closed in the last minutes. Counts are in 0.01 contracts, prices are YES
 * prices in ticks of $0.0001.
 */
export interface ContractView {
  readonly ticker: string;
  readonly asset: string;
  readonly series: string;
  readonly closeAt: Micros;
  readonly openAt: Micros;
  readonly strikeType: string;
  readonly floorDollars: number | null;
  readonly capDollars: number | null;
  readonly state: string;
  /** False while its book is void. */
  readonly live: boolean;
  readonly bidTicks: number | null;
  readonly askTicks: number | null;
  readonly bidCount: number;
  readonly askCount: number;
  /** Best levels, best first: price in ticks and displayed count. */
  readonly bids: readonly (readonly [number, number])[];
  readonly asks: readonly (readonly [number, number])[];
  /** Our fair value in ticks with its error, both of the last decision. */
  readonly fairTicks: number | null;
  readonly fairErrorTicks: number | null;
  readonly position: number;
  readonly decision: DecisionNumbers | null;
  readonly result: 'yes' | 'no' | null;
  readonly pnlDollars: number | null;
}

/** Profit or loss of all that is held on one close, by settlement value. */
export interface Payoff {
  readonly asset: string;
  readonly closeAt: Micros;
  /** Rising settlement values in dollars, and the profit or loss at each. */
  readonly points: readonly (readonly [valueDollars: number, pnlDollars: number])[];
  readonly worst: readonly [valueDollars: number, pnlDollars: number];
}

/** An order's life. Counts are in 0.01 contracts. */
export interface OrderView {
  readonly clientOrderId: string;
  readonly decisionId: number;
  readonly ticker: string;
  readonly side: 'bid' | 'ask';
  readonly limitTicks: number;
  readonly count: number;
  readonly filled: number;
  readonly averageTicks: number | null;
  readonly feeDollars: number;
  readonly timeInForce: string;
  readonly state:
    | 'sent'
    | 'submitted'
    | 'unknown'
    | 'resting'
    | 'filled'
    | 'cancelled'
    | 'expired'
    | 'rejected';
  readonly why: string;
  readonly sentAt: Micros;
  /** From the decision to the first answer, and to the end; null until then. */
  readonly answeredMs: number | null;
  readonly endedMs: number | null;
  /** Mid of the book against the fill's price in our favour, in ticks, after so many seconds. */
  readonly markouts: Readonly<Record<'1' | '5' | '30' | '60', number | null>>;
  /** What paper made of the same order, where both run. */
  readonly paper: { readonly filled: number; readonly averageDollars: number | null } | null;
}

/**
 * A venue (`kalshi`), with the counts of its connection, or what it sends of one asset (`BTC index`), with
 * its age.
 */
export interface FeedView {
  readonly name: string;
  readonly venue: string;
  readonly state: 'live' | 'silent' | 'lacking' | 'down';
  readonly heardAt: Micros | null;
  readonly gaps: number;
  readonly reconnects: number;
  readonly shed: number;
  readonly rejected: number;
  /** The venue's clock minus ours. */
  readonly clockOffsetMs: number | null;
}

/** How good the forecasts of one asset at one horizon were, over what has come true lately. */
export interface ForecastQuality {
  readonly asset: string;
  readonly minutes: number;
  readonly member: string;
  readonly count: number;
  /** Mean QLIKE, and divided by the baseline's over the same minutes. */
  readonly qlike: number | null;
  readonly ratio: number | null;
  /** Share of outcomes inside the 10–90 % band; null for a member without a band. */
  readonly coverage: number | null;
}

/** Probabilities of one decile against what came. */
export interface ReliabilityBin {
  readonly from: number;
  readonly to: number;
  readonly count: number;
  readonly meanProbability: number;
  readonly shareYes: number;
}

/** Prices of one asset in one second. */
export interface PricePoint {
  readonly asset: string;
  readonly at: Micros;
  readonly indexDollars: number | null;
  /** Middle of the first spot venue's book. */
  readonly spotDollars: number | null;
}

/** Volatilities of one asset in one minute. */
export interface VolatilityPoint extends Volatilities {
  readonly asset: string;
  readonly at: Micros;
}

/** Equity in one minute. */
export interface EquityPoint {
  readonly at: Micros;
  readonly equityDollars: number;
  readonly dayDollars: number;
  readonly worstDollars: number;
}

/** Abstentions of one minute: how many decisions each check refused first. */
export interface AbstentionPoint {
  readonly at: Micros;
  readonly approved: number;
  readonly byCheck: Readonly<Record<string, number>>;
}

/** A fill. */
export interface FillView {
  readonly at: Micros;
  readonly fillId: string;
  readonly clientOrderId: string;
  readonly ticker: string;
  readonly side: 'bid' | 'ask';
  readonly priceTicks: number;
  readonly count: number;
  readonly taker: boolean;
  readonly feeDollars: number;
}

/** One line of the log. */
export interface LogLine {
  readonly at: Micros;
  readonly level: 'info' | 'warn' | 'bad';
  readonly about: 'halt' | 'command' | 'difference' | 'feed' | 'order' | 'settlement' | 'session' | 'doubt';
  readonly text: string;
}

/** Numbers about the process, not about the market. */
export interface Health {
  readonly loopDelayMs: number | null;
  readonly queued: number | null;
  /** Points dropped by the sinks. */
  readonly sinkDropped: number | null;
}

/** Parts of the state that are replaced as a whole. */
export interface ConsoleValues {
  readonly lane: ConsoleLane;
  readonly word: StateWord;
  readonly money: Money | null;
  readonly limits: readonly LimitUse[];
  readonly checks: readonly CheckWorth[];
  readonly quality: readonly ForecastQuality[];
  readonly reliability: readonly ReliabilityBin[];
  /** Model against market so far; null until a contract has settled. */
  readonly score: LiveScore | null;
  readonly health: Health;
}

/** Parts that change key by key: a patch has what changed of an entry, and a null takes one away. */
export interface ConsoleMaps {
  readonly assets: AssetView;
  readonly contracts: ContractView;
  readonly payoffs: Payoff;
  readonly orders: OrderView;
  readonly feeds: FeedView;
}

/** Parts that only grow at their end, and forget at their beginning. */
export interface ConsoleRings {
  readonly prices: PricePoint;
  readonly volatilities: VolatilityPoint;
  readonly equity: EquityPoint;
  readonly abstentions: AbstentionPoint;
  readonly decisions: DecisionLine;
  readonly fills: FillView;
  readonly log: LogLine;
}

/** The most elements of each ring. */
export const RING_MOST: Readonly<Record<keyof ConsoleRings, number>> = {
  prices: 7_200,
  volatilities: 1_440,
  equity: 1_440,
  abstentions: 1_440,
  decisions: 1_000,
  fills: 500,
  log: 500,
};

/** Everything that a page shows, as of event number `seq` and event time `at`. Plain JSON. */
export interface ConsoleState {
  /** Number of the last patch that is in it. */
  readonly patch: number;
  readonly seq: number;
  readonly at: Micros;
  readonly values: ConsoleValues;
  readonly maps: { readonly [Key in keyof ConsoleMaps]: Readonly<Record<string, ConsoleMaps[Key]>> };
  readonly rings: { readonly [Key in keyof ConsoleRings]: readonly ConsoleRings[Key][] };
}

/** What changed since the patch before. A reader whose last patch is not `patch - 1` must take a snapshot. */
export interface ConsolePatch {
  readonly patch: number;
  readonly seq: number;
  readonly at: Micros;
  readonly values?: Partial<ConsoleValues>;
  /** The fields of each entry that changed; all of them for a new one. */
  readonly maps?: {
    readonly [Key in keyof ConsoleMaps]?: Readonly<Record<string, Partial<ConsoleMaps[Key]> | null>>;
  };
  readonly rings?: { readonly [Key in keyof ConsoleRings]?: readonly ConsoleRings[Key][] };
}
