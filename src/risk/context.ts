import type { Contract } from '../domain/contracts.ts';
import type { Proposal } from '../domain/events/decision.ts';
import type { Forecast } from '../domain/events/forecast.ts';
import type { ContractChanged, ContractTop, IndexValue } from '../domain/events/market.ts';
import type { Micros } from '../domain/time.ts';
import type { ProposalAccount } from '../portfolio/proposal-account.ts';
import type { CheckResult } from './finding.ts';
import type { RiskSettings } from './settings.ts';
import type { Support } from './support.ts';

/**
 * `armed`: every order that the checks approve. `reduce`: only those that lower the worst outcome. `halted`:
 * none.
 */
export type TradingMode = 'armed' | 'reduce' | 'halted';

/**
 * When something was last sent on a feed: the venue's time, corrected by the measured offset of the clocks
 * and never later than our receipt. The configuration says which feeds are required, since a tape may lack
 * one.
 */
export interface FeedHealth {
  readonly feed: 'krakenBook' | 'kraken' | 'kalshi' | 'index';
  readonly required: boolean;
  readonly receivedAt: Micros | undefined;
}

/**
 * Everything that a check may read, as of `now`. It is built once per evaluation; the checks neither keep nor
 * change it.
 */
export interface CheckContext {
  readonly now: Micros;
  readonly proposal: Proposal;
  readonly contract: Contract;
  readonly contractState: ContractChanged['state'];
  readonly book: ContractTop;
  /** When the book last changed or was confirmed: the venue's time, corrected as that of a feed. */
  readonly bookReceivedAt: Micros;
  readonly index: IndexValue | undefined;
  /** How the fresh spot venues support that index value. */
  readonly support: Support;
  /** True while a print of the index newer than the last believed one is held back. */
  readonly indexDisputed: boolean;
  readonly forecast: Forecast | undefined;
  readonly feeds: readonly FeedHealth[];
  /** How far our clock and the venues' are apart for certain, as measured or as stamps reveal; signed. */
  readonly clockOffsetMicros: Micros;
  /** What the operator and the lane's guard let pass. */
  readonly mode: TradingMode;
  /** Whether the exchange reports that it trades; undefined if it has not reported. */
  readonly exchangeTrading: boolean | undefined;
  readonly warmMinutes: number;
  readonly requiredWarmMinutes: number;
  /** True once a print of the index has come in this session, false while only the twin is known. */
  readonly directIndex: boolean;
  readonly account: ProposalAccount;
  readonly limits: RiskSettings;
}

/** One rule of risk, a pure function. A finding whose headroom is negative or NaN refuses. */
export type Check = (context: CheckContext) => CheckResult;
