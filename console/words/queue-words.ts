import type { ContractView, OrderView } from '../../src/console/state.ts';
import { contracts } from './format.ts';

const ENDED: readonly OrderView['state'][] = ['filled', 'cancelled', 'expired', 'rejected'];

/**
 * What stands before an order in the queue at its price. An order that takes at once or not at all waits in none. Of
 * one that rests the venue tells no place, so it is bounded by what its book displays there beside the order itself.
 */
export function queueWords(order: OrderView, contract: ContractView | undefined): string {
  const { timeInForce, state, side, limitTicks, count, filled } = order;
  if (timeInForce !== 'gtc') return 'takes at once';
  if (ENDED.includes(state)) return '–';
  if (!contract?.live) return 'not known: no whole book';
  const levels = side === 'bid' ? contract.bids : contract.asks;
  const displayed = levels.find(([ticks]) => ticks === limitTicks)?.[1];
  if (displayed === undefined) return 'not known: below the levels shown';
  return `at most ${contracts(Math.max(0, displayed - (count - filled)))} ahead`;
}
