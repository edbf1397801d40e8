import type { Micros } from '../../src/domain/time.ts';
import { type RunEvent, runEvents } from './account-at.ts';
import type { RunFiles } from './run-files.ts';

/** So many steps are kept; a market maker may have thousands in a minute. */
const MOST = 400;

/**
 * The steps of orders on a contract, and their fills, from `from` to `until`, and whatever became later of an
 * order that was sent within that span or came of the decision with number `decisionId`. The latest of too
 * many are kept.
 */
export async function ordersNear(
  run: RunFiles,
  ticker: string,
  span: { readonly from: Micros; readonly until: Micros; readonly decisionId: number | undefined },
): Promise<readonly RunEvent[]> {
  const sent = new Set<string>();
  const steps: RunEvent[] = [];
  for (const files of [run.orders, run.fills])
    for await (const event of runEvents(files)) {
      const { at, clientOrderId, kind, decisionId } = event;
      if (event.ticker !== ticker || kind === 'settlement') continue;
      const inside = at >= span.from && at <= span.until;
      if (kind === 'orderSent' && clientOrderId !== undefined)
        if (inside || (decisionId !== undefined && decisionId === span.decisionId)) sent.add(clientOrderId);
      if (inside || (clientOrderId !== undefined && sent.has(clientOrderId))) steps.push(event);
      // Half of them at once, so that taking the oldest away costs little.
      if (steps.length > 4 * MOST) steps.splice(0, 2 * MOST);
    }
  return steps.sort((one, other) => one.at - other.at).slice(-MOST);
}
