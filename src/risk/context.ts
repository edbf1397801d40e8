import type { Contract } from '../domain/contracts.ts';
import type { Finding, Proposal } from '../domain/events/decision.ts';
import type { Forecast } from '../domain/events/forecast.ts';
import type { ContractBookView, ContractChanged, IndexValue } from '../domain/events/market.ts';
import type { Micros } from '../domain/time.ts';
import type { ProposalAccount } from '../portfolio/proposal-account.ts';
import type { RiskSettings } from './settings.ts';

/** When a feed last spoke, by our clock. Which feeds are required is configuration: a tape may lack one for good. */
export interface FeedHealth {
  readonly feed: 'krakenBook' | 'kraken' | 'kalshi' | 'index';
  readonly required: boolean;
  readonly receivedAt: Micros | undefined;
}

/** Everything a check may look at, as of `now`. Built once per evaluation; the checks neither keep nor change it. */
export interface CheckContext {
  readonly now: Micros;
  readonly proposal: Proposal;
  readonly contract: Contract;
  readonly contractState: ContractChanged['state'];
  readonly book: ContractBookView;
  /** When the book last changed or was confirmed, by our clock. */
  readonly bookReceivedAt: Micros;
  readonly index: IndexValue | undefined;
  readonly forecast: Forecast | undefined;
  readonly feeds: readonly FeedHealth[];
  /** True while the operator's kill switch is on. */
  readonly halted: boolean;
  /** What the exchange says of itself; undefined where it has not said. */
  readonly exchangeTrading: boolean | undefined;
  readonly warmMinutes: number;
  readonly requiredWarmMinutes: number;
  /** True once the BRTI itself has been seen in this session, false where only our stand-in is known. */
  readonly directIndex: boolean;
  readonly account: ProposalAccount;
  readonly limits: RiskSettings;
}

/** One reason to stay out. Pure; a finding whose headroom is negative or NaN refuses. */
export type Check = (context: CheckContext) => Finding;
