import type { WouldChange } from '../../domain/events/decision.ts';
import type { Micros } from '../../domain/time.ts';
import { marketOf } from '../../pricing/edge.ts';
import type { PricingSettings } from '../../pricing/settings.ts';
import { wouldChange } from '../../pricing/would-change.ts';
import type { RiskSettings } from '../../risk/settings.ts';
import type { Membership } from '../../venues/kalshi/fees.ts';
import { type Assessment, feePerContract } from './assess.ts';
import type { Slot } from './slot.ts';

/** What the answer depends on besides the assessment. */
export interface ChangeTerms {
  readonly pricing: PricingSettings;
  readonly risk: RiskSettings;
  readonly member: Membership;
  /** When the last order on the contract was sent. */
  readonly lastOrderAt: Micros | undefined;
}

/**
 * What would turn an abstention into an order. Undefined for an approval, and if the contract is certain or
 * cannot be priced.
 */
export function whatWouldChange(
  { contract, book }: Slot,
  { proposal, moments, judgement }: Assessment,
  now: Micros,
  { pricing, risk, member, lastOrderAt }: ChangeTerms,
): WouldChange | undefined {
  if (!contract || !book || judgement.verdict === 'approved' || moments.kind !== 'open') return undefined;
  // The earliest time at which the checks of time would pass, if one of them fails now.
  const cooledAt = lastOrderAt === undefined ? now : lastOrderAt + risk.orderCooldownMicros;
  const opensAt = Math.max(cooledAt, contract.closeAt - risk.toCloseMaxMicros);
  return wouldChange(
    {
      contract,
      proposal,
      moments,
      market: marketOf(book.bidTicks, book.askTicks),
      feePerContract: feePerContract(contract, member),
      limits: risk,
      at: opensAt > now ? opensAt : undefined,
    },
    pricing.edge,
  );
}
