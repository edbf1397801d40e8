import type { Micros } from '../../../domain/time.ts';
import type { KalshiAccounts } from './accounts.ts';
import type { KalshiFunds } from './funds.ts';
import type { KalshiHalts } from './halts.ts';
import type { KalshiMatching } from './matching.ts';
import type { OrderGroups } from './order-groups.ts';

/** The parts that order entry needs. */
export interface OrderParts {
  readonly accounts: KalshiAccounts;
  readonly groups: OrderGroups;
  readonly matching: KalshiMatching;
  readonly funds: KalshiFunds;
  readonly halts: KalshiHalts;
  readonly now: () => Micros;
  /** Whether the attestation of the member's location holds. */
  readonly attested: () => boolean;
  /** Client order ids that were used, which none may be again. */
  readonly clientIds: Set<string>;
}
