import type { Contract } from '../../domain/contracts.ts';
import type { Proposal } from '../../domain/events/decision.ts';
import type { Forecast } from '../../domain/events/forecast.ts';
import { contractsOf, count, dollarsOf, MICRO_DOLLARS, priceTicks } from '../../domain/money.ts';
import type { Micros } from '../../domain/time.ts';
import type { Portfolio } from '../../portfolio/portfolio.ts';
import { proposalAccount } from '../../portfolio/proposal-account.ts';
import {
  type CloseMoments,
  closeMoments,
  type SettlementInput,
  unpriced,
} from '../../pricing/close-moments.ts';
import { type FeePerContract, type JointSizer, propose } from '../../pricing/edge.ts';
import type { PricingSettings } from '../../pricing/settings.ts';
import { type ContractPrice, momentsOf, probabilityOf } from '../../pricing/settlement.ts';
import { standardChecks } from '../../risk/checks.ts';
import type { Check, CheckContext } from '../../risk/context.ts';
import { decide, type Judgement } from '../../risk/decide.ts';
import { type Membership, takerFee } from '../../venues/kalshi/fees.ts';

/** The result of assessing one contract. */
export interface Assessment {
  readonly proposal: Proposal;
  readonly moments: CloseMoments;
  readonly judgement: Judgement;
}

/** The contract's own part of a check's context. */
export type Subject = Pick<
  CheckContext,
  'contract' | 'contractState' | 'book' | 'bookReceivedAt' | 'exchangeTrading'
>;

/**
 * Everything that an assessment depends on, except the contract and the account. `prints` are those of the
 * contract's asset.
 */
export interface Situation extends Omit<CheckContext, keyof Subject | 'proposal' | 'account'> {
  readonly prints: SettlementInput['prints'];
}

/**
 * Exact taker fee of one order, per contract. NaN if the contract's fee terms are unknown, and NaN makes the
 * checks refuse.
 */
export const feePerContract =
  ({ fee }: Contract, member: Membership): FeePerContract =>
  (side, ticks, size) =>
    fee === undefined
      ? Number.NaN
      : takerFee(fee, side, ticks, size, member) / MICRO_DOLLARS / contractsOf(size);

const nothing = (ticker: string): Proposal => ({
  ticker,
  side: 'bid',
  limitTicks: priceTicks(0),
  count: count(0),
  modelProbability: Number.NaN,
  probability: Number.NaN,
  probabilityError: Number.NaN,
  edgeDollars: Number.NaN,
  feeDollars: Number.NaN,
});

const settlementInput = (
  closeAt: Micros,
  { now, index, prints }: Situation,
  { path, tails }: Forecast,
): SettlementInput => ({ closeAt, now, index, prints, path, tails });

/** The law of the settlement value of one close, as of this instant. All strikes of the close share it. */
export function lawOfClose(
  closeAt: Micros,
  situation: Situation,
  settings: PricingSettings['law'],
): CloseMoments {
  const { forecast } = situation;
  return forecast === undefined
    ? unpriced('noForecast')
    : closeMoments(settlementInput(closeAt, situation, forecast), settings);
}

/**
 * Prices one contract by its close's law, proposes the better side and runs every check. `priceOf` is the price
 * by `shared`, for a caller that keeps it.
 */
export function assess(
  subject: Subject,
  shared: CloseMoments,
  situation: Situation,
  portfolio: Portfolio,
  settings: { readonly pricing: PricingSettings; readonly member: Membership },
  jointly?: JointSizer,
  checks: readonly Check[] = standardChecks,
  priceOf: (contract: Contract) => ContractPrice = (of) => probabilityOf(of, shared),
): Assessment {
  const { forecast } = situation;
  const { contract, book } = subject;
  const moments =
    forecast === undefined
      ? shared
      : momentsOf(
          contract,
          settlementInput(contract.closeAt, situation, forecast),
          settings.pricing.law,
          shared,
        );
  const proposal =
    propose(
      {
        book,
        price: moments === shared ? priceOf(contract) : probabilityOf(contract, moments),
        position: portfolio.holdings.get(contract.ticker)?.position ?? count(0),
        bankrollDollars: dollarsOf(portfolio.cash),
        feePerContract: feePerContract(contract, settings.member),
        ...(jointly && { jointly }),
      },
      settings.pricing,
    ) ?? nothing(contract.ticker);
  return { proposal, moments, judgement: judge(proposal, subject, situation, portfolio, checks) };
}

/**
 * Runs the checks on a proposal. The context is written out key by key, because spreading it would take half
 * of an assessment's time.
 */
export function judge(
  proposal: Proposal,
  { contract, contractState, book, bookReceivedAt, exchangeTrading }: Subject,
  situation: Situation,
  portfolio: Portfolio,
  checks: readonly Check[],
): Judgement {
  const { now } = situation;
  return decide(checks, {
    now,
    proposal,
    contract,
    contractState,
    book,
    bookReceivedAt,
    index: situation.index,
    support: situation.support,
    indexDisputed: situation.indexDisputed,
    forecast: situation.forecast,
    feeds: situation.feeds,
    clockOffsetMicros: situation.clockOffsetMicros,
    mode: situation.mode,
    exchangeTrading,
    warmMinutes: situation.warmMinutes,
    requiredWarmMinutes: situation.requiredWarmMinutes,
    directIndex: situation.directIndex,
    account: proposalAccount(portfolio, now, contract, proposal),
    limits: situation.limits,
  });
}
