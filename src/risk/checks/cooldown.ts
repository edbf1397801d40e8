import type { Check } from '../context.ts';
import { atLeast } from '../finding.ts';

/** Time since the last order on this contract, in microseconds, so that one signal is not traded twice. A contract never ordered shows
 * the limit itself. */
export const cooldown: Check = ({ now, account, limits }) => {
  const limit = limits.orderCooldownMicros;
  const since = account.lastOrderAt === undefined ? limit : now - account.lastOrderAt;
  return atLeast('cooldown', since, limit);
};
