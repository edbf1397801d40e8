import { MILLISECOND, type Micros } from '../domain/time.ts';

/**
 * An account's state for its operator. What only a running lane knows is null without one. `since` is
 * microseconds since the epoch.
 */
export interface ShownStatus {
  readonly mode: string;
  readonly reason: string;
  readonly by: string;
  readonly since: Micros | null;
  readonly cashDollars: number | null;
  readonly positions: Readonly<Record<string, number>> | null;
  readonly openOrders: number | null;
  readonly unknownOrders: number | null;
}

const instant = (at: Micros | null): string =>
  at === null ? '' : ` since ${new Date(at / MILLISECOND).toISOString().slice(0, 19)}Z`;

/** The state as lines for people. */
export function statusLines(status: ShownStatus): readonly string[] {
  const { mode, reason, by, since, cashDollars, positions, openOrders, unknownOrders } = status;
  const held = Object.entries(positions ?? {});
  return [
    `${mode}${instant(since)}${by ? `, by ${by}` : ''}${reason ? `: ${reason}` : ''}`,
    `cash: ${cashDollars === null ? 'not known' : `$${cashDollars.toFixed(2)}`}`,
    positions === null
      ? 'positions: not known'
      : held.length === 0
        ? 'no position'
        : `positions: ${held.map(([ticker, count]) => `${ticker} ${count}`).join(', ')}`,
    openOrders === null
      ? 'orders: not known'
      : `orders: ${openOrders} open, ${unknownOrders ?? 0} of unknown state`,
  ];
}
