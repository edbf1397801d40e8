import type { ContractBookChanged } from '../../src/domain/events/market.ts';
import type { Acknowledgement, ContractDelta, ContractSnapshot, Gap } from '../../src/domain/events/venue.ts';
import { count, priceTicks } from '../../src/domain/money.ts';

const stamp = { at: 1_000, receivedAt: 2_000 };

/** A snapshot in YES prices; levels alternate ticks and count. */
export const snapshot = (
  sid: number,
  seq: number,
  ticker: string,
  bids: readonly number[],
  asks: readonly number[],
): ContractSnapshot => ({ kind: 'contractSnapshot', ...stamp, ticker, sid, seq, bids, asks });

export const delta = (
  sid: number,
  seq: number,
  ticker: string,
  side: 'bid' | 'ask',
  ticks: number,
  change: number,
): ContractDelta => ({
  kind: 'contractDelta',
  ...stamp,
  ticker,
  sid,
  seq,
  side,
  priceTicks: priceTicks(ticks),
  delta: count(change),
});

export const reply = (
  method: string,
  fields: Partial<Pick<Acknowledgement, 'sid' | 'seq' | 'accepted' | 'detail' | 'venue'>>,
): Acknowledgement => ({
  kind: 'acknowledgement',
  ...stamp,
  venue: 'kalshi',
  method,
  accepted: true,
  channel: undefined,
  symbol: undefined,
  detail: undefined,
  sid: undefined,
  seq: undefined,
  ...fields,
});

export const gap = (cause: Gap['cause'], venue: Gap['venue'] = 'kalshi'): Gap => ({
  kind: 'gap',
  ...stamp,
  venue,
  cause,
  scope: venue,
  detail: 'test',
});

/** A change in a line: `ticker bid×count/ask×count`, with what is unusual about it. */
export function tell(event: ContractBookChanged | Gap): string {
  if (event.kind === 'gap') return `gap ${event.cause} ${event.scope}: ${event.detail}`;
  const { top, change, topChanged } = event;
  const side = (ticks: number | undefined, shown: number): string =>
    ticks === undefined ? '-' : `${ticks}×${shown}`;
  const notes = [
    top.live ? '' : ' void',
    top.crossed ? ' crossed' : '',
    topChanged ? '' : ' deep',
    change.kind === 'delta' ? ` by ${change.side} ${change.priceTicks} ${change.change}` : '',
  ];
  return `${event.ticker} ${side(top.bidTicks, top.bidCount)}/${side(top.askTicks, top.askCount)}${notes.join('')}`;
}
