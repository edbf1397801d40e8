import type { Check } from '../context.ts';
import { atLeast } from '../finding.ts';

/**
 * Enough time has passed since the last order on this contract, so that one signal is not traded twice. In
 * microseconds. For a contract without an order, the limit itself is observed.
 */
export const cooldown: Check = ({ now, account, limits }) => {
  const limit = limits.orderCooldownMicros;
  const since = account.lastOrderAt === undefined ? limit : now - account.lastOrderAt;
  return atLeast('cooldown', since, limit);
};
