import type { Contract } from '../../domain/contracts.ts';
import type { Micros } from '../../domain/time.ts';
import type { Portfolio } from '../../portfolio/portfolio.ts';
import { type CloseMoments, sameLaw } from '../../pricing/close-moments.ts';
import type { JointSizer } from '../../pricing/edge.ts';
import type { PricingSettings } from '../../pricing/settings.ts';
import { type ContractPrice, probabilityOf } from '../../pricing/settlement.ts';
import { lawOfClose, type Situation } from './assess.ts';
import { type CloseSizer, closeSizer, type JointTerms } from './joint-sizing.ts';
import type { Slot } from './slot.ts';

/** What the contracts of one close share. */
export interface CloseNow {
  readonly law: CloseMoments;
  /** What the law gives a contract; found once. */
  readonly priceOf: (contract: Contract) => ContractPrice;
  readonly sizerOf: (slot: Slot, portfolio: Portfolio, pricing: PricingSettings) => JointSizer;
}

/** The closes of one market as of one go, in which neither books nor laws change. */
export type ClosesNow = (situation: Situation) => (closeAt: Micros) => CloseNow;

interface Kept extends CloseNow {
  round: number;
}

/**
 * Keeps each close's law, and what was found by it, from one go to the next while the law says the same: it
 * moves with the index and the forecast, and contracts are evaluated more often than that.
 */
export function closesNow(
  terms: Omit<JointTerms, 'law' | 'priceOf'>,
  settings: PricingSettings['law'],
): ClosesNow {
  const closes = new Map<Micros, Kept>();
  let round = 0;
  const keptOf = (law: CloseMoments): Kept => {
    const prices = new Map<Contract, ContractPrice>();
    const priceOf = (contract: Contract): ContractPrice => {
      let price = prices.get(contract);
      if (!price) {
        price = probabilityOf(contract, law);
        prices.set(contract, price);
      }
      return price;
    };
    const sizer: CloseSizer = closeSizer({ ...terms, law, priceOf });
    return {
      round,
      law,
      priceOf,
      sizerOf: (slot, portfolio, pricing) => sizer(slot, portfolio, pricing, round),
    };
  };
  return (situation) => {
    round++;
    for (const closeAt of closes.keys()) if (closeAt <= situation.now) closes.delete(closeAt);
    return (closeAt) => {
      const known = closes.get(closeAt);
      if (known?.round === round) return known;
      const law = lawOfClose(closeAt, situation, settings);
      const close = known && sameLaw(known.law, law) ? known : keptOf(law);
      close.round = round;
      closes.set(closeAt, close);
      return close;
    };
  };
}
