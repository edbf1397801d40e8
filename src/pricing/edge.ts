import type { Proposal } from '../domain/events/decision.ts';
import type { ContractTop } from '../domain/events/market.ts';
import { type Count, count, DOLLAR_TICKS, dollarsOf, type PriceTicks } from '../domain/money.ts';
import { blend } from './blend.ts';
import type { PricingSettings } from './settings.ts';
import type { ContractPrice } from './settlement.ts';
import type { CloseBet } from './size-jointly.ts';
import { sizeOf } from './sizing.ts';

/** Taker fee per contract, in dollars, of `count` at the YES price `ticks`; `bid` buys YES, `ask` buys NO. */
export type FeePerContract = (side: 'bid' | 'ask', ticks: PriceTicks, count: Count) => number;

/** What a proposal is made of. */
export interface EdgeInput {
  readonly book: ContractTop;
  readonly price: ContractPrice;
  /** Signed count held: YES positive, NO negative. */
  readonly position: Count;
  readonly bankrollDollars: number;
  readonly feePerContract: FeePerContract;
  /**
   * Size of a bet with an edge when the rest of its close is counted; undefined if nothing else is there.
   */
  readonly jointly?: JointSizer;
}

/** See `EdgeInput.jointly`. */
export type JointSizer = (bet: Omit<CloseBet, 'sums'>) => Count | undefined;

/**
 * Proposes the better of taking the ask (buying YES) and taking the bid (buying NO), after the exact fee. The
 * checks then judge it. It is undefined for a book with both sides empty. An unpriced contract gives NaN
 * probabilities and count 0, and the checks refuse NaN.
 */
export function propose(
  input: EdgeInput,
  settings: Pick<PricingSettings, 'edge' | 'sizing'>,
): Proposal | undefined {
  const { bidTicks, askTicks } = input.book;
  if (askTicks === undefined && bidTicks === undefined) return undefined;
  const fair = fairOf(input.price, marketOf(bidTicks, askTicks), settings.edge);
  const buyYes =
    askTicks === undefined ? undefined : take('bid', askTicks, input.book.askCount, fair, input, settings);
  const buyNo =
    bidTicks === undefined ? undefined : take('ask', bidTicks, input.book.bidCount, fair, input, settings);
  if (buyYes === undefined || buyNo === undefined) return buyYes ?? buyNo;
  return buyNo.edgeDollars > buyYes.edgeDollars ? buyNo : buyYes;
}

/** Expected profit per contract of taking YES price `ticks`, in dollars. */
export const edgeOf = (
  side: 'bid' | 'ask',
  probability: number,
  ticks: PriceTicks,
  feeDollars: number,
): number => (side === 'bid' ? probability - dollarsOf(ticks) : dollarsOf(ticks) - probability) - feeDollars;

/**
 * Probability after blending, and its standard error. The error comes from the errors of the volatility and
 * of the index, and, where model and market disagree, from the error of the model's weight.
 */
export function fairOf(price: ContractPrice, market: number, settings: PricingSettings['edge']) {
  if (price.kind === 'unpriced')
    return { modelProbability: Number.NaN, probability: Number.NaN, probabilityError: Number.NaN };
  const { probability, modelSlope, weightSlope } = blend(price.probability, market, settings.blend);
  const probabilityError = Math.hypot(
    modelSlope * price.logVolatilitySlope * settings.logVolatilityError,
    modelSlope * price.logIndexSlope * price.indexSdLog,
    weightSlope * settings.blend.modelWeightError,
  );
  return { modelProbability: price.probability, probability, probabilityError };
}

/**
 * The market's probability: the middle of the book. If only one side has a price, it is that price, the least
 * favourable choice for a taker.
 */
export function marketOf(bidTicks: PriceTicks | undefined, askTicks: PriceTicks | undefined): number {
  const bid = bidTicks ?? askTicks ?? Number.NaN;
  const ask = askTicks ?? bidTicks ?? Number.NaN;
  return (bid + ask) / (2 * DOLLAR_TICKS);
}

function take(
  side: 'bid' | 'ask',
  ticks: PriceTicks,
  displayedCount: Count,
  fair: ReturnType<typeof fairOf>,
  input: EdgeInput,
  { sizing }: Pick<PricingSettings, 'sizing'>,
): Proposal {
  const lot = count(sizing.lotCount);
  // Rounding makes the fee per contract highest for one lot. So a size found with the fee of one lot is also
  // right with the size's own fee.
  const lotFee = input.feePerContract(side, ticks, lot);
  const yes = side === 'bid';
  const probability = yes ? fair.probability : 1 - fair.probability;
  const costDollars = (yes ? dollarsOf(ticks) : 1 - dollarsOf(ticks)) + lotFee;
  const jointly =
    probability > costDollars
      ? input.jointly?.({
          side,
          probability: fair.probability,
          costDollars,
          displayedCount,
          position: input.position,
        })
      : undefined;
  const size =
    jointly ??
    sizeOf(
      {
        probability,
        costDollars,
        bankrollDollars: input.bankrollDollars,
        heldCount: yes ? input.position : count(-input.position),
        displayedCount,
      },
      sizing,
    );
  const feeDollars = size > lot ? input.feePerContract(side, ticks, size) : lotFee;
  const edgeDollars = edgeOf(side, fair.probability, ticks, feeDollars);
  return {
    ticker: input.book.ticker,
    side,
    limitTicks: ticks,
    count: size,
    ...fair,
    edgeDollars,
    feeDollars,
  };
}
