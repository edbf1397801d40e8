import type { AccountChanged } from '../../domain/events/account.ts';
import type { AuditEvent } from '../../domain/events/audit.ts';
import { DAY, HOUR, type Micros } from '../../domain/time.ts';

const money = (dollars: number): string => `${dollars < 0 ? '−' : ''}$${Math.abs(dollars).toFixed(2)}`;
const counted = (count: number, one: string, many = `${one}s`): string =>
  `${count} ${count === 1 ? one : many}`;
const dateOf = (at: Micros): string => new Date(at / 1000).toISOString().slice(0, 10);

const zero = () => ({ decisions: 0, approved: 0, orders: 0, fills: 0, halts: 0, differences: 0, settled: 0 });

/**
 * What happened from one digest to the next, a day of event time apart. `add` gives the text of the day that
 * has ended once an event lies behind its end, which is at `hour` o'clock UTC.
 */
export function digest(hour: number): {
  readonly add: (event: AuditEvent) => { readonly date: string; readonly text: string } | undefined;
} {
  let counts = zero();
  let endAt: Micros | undefined;
  let account: AccountChanged | undefined;
  let before: AccountChanged | undefined;

  const count = (event: AuditEvent): void => {
    switch (event.kind) {
      case 'decision':
        counts.decisions++;
        if (event.verdict === 'approved') counts.approved++;
        return;
      case 'orderSent':
        counts.orders++;
        return;
      case 'fill':
        counts.fills++;
        return;
      case 'difference':
        counts.differences++;
        return;
      case 'settlement':
        if (event.position !== 0) counts.settled++;
        return;
      case 'command':
        if (event.command === 'halt') counts.halts++;
        return;
      case 'account':
        account = event;
        return;
      default:
        return;
    }
  };
  const text = (): string => {
    const { decisions, approved, orders, fills, halts, differences, settled } = counts;
    const realised = (account?.realisedDollars ?? 0) - (before?.realisedDollars ?? 0);
    const fees = (account?.feesDollars ?? 0) - (before?.feesDollars ?? 0);
    return [
      `realised ${money(realised)} after fees of ${money(fees)}`,
      `${counted(orders, 'order')}, ${counted(fills, 'fill')}, ${settled} settled`,
      account
        ? `equity ${money(account.equityDollars)}, ${counted(account.openPositions, 'open position')}, at worst ${money(account.worstDollars)}`
        : 'the account was not told',
      `${counted(decisions, 'decision')}, ${approved} approved`,
      `${counted(halts, 'halt')}, ${counted(differences, 'difference')}`,
    ].join('; ');
  };
  return {
    add: (event) => {
      const at: Micros = 'receivedAt' in event ? event.receivedAt : event.at;
      const next = (): Micros => Math.floor((at - hour * HOUR) / DAY + 1) * DAY + hour * HOUR;
      endAt ??= next();
      const ended = at >= endAt ? { date: dateOf(endAt - 1), text: text() } : undefined;
      if (ended) {
        endAt = next();
        counts = zero();
        before = account;
      }
      count(event);
      return ended;
    },
  };
}
