import type { AuditEvent } from '../../src/domain/events/audit.ts';
import { MINUTE } from '../../src/domain/time.ts';
import type { JournalRow } from '../../src/execution/journal/journal-row.ts';
import { verifyJournal } from '../../src/execution/journal/verify-journal.ts';
import type { LiveSettings } from '../../src/execution/live-settings.ts';
import type { LiveLife } from './live-life.ts';
import type { Arrival, LiveWorld } from './live-world.ts';

const CENT = 0.005;

const bodyOf = ({ body }: JournalRow): Readonly<Record<string, unknown>> =>
  JSON.parse(body) as Record<string, unknown>;

/** What orders at the exchange break of the caps, as sentences. */
export function pastCaps(arrivals: readonly Arrival[], limits: LiveSettings): readonly string[] {
  const found: string[] = [];
  let dollars = 0;
  arrivals.forEach((arrival, i) => {
    const { clientOrderId: id, contracts, at } = arrival;
    if (!(contracts <= limits.orderContractsMax)) found.push(`order ${id} is of ${contracts} contracts`);
    const inMinute = arrivals.slice(0, i + 1).filter((other) => other.at > at - MINUTE).length;
    if (inMinute > limits.ordersPerMinuteMax) found.push(`order ${id} is number ${inMinute} of its minute`);
    dollars += arrival.dollars;
    if (!(dollars <= limits.dollarsPerDayMax + 1e-9))
      found.push(`order ${id} brings the day to $${dollars.toFixed(2)}`);
  });
  return found;
}

/** Where more orders were open at once than may be, by what the lane knew when each of them left. */
export function pastOpen(
  events: readonly AuditEvent[],
  arrivals: readonly Arrival[],
  { openOrdersMax }: LiveSettings,
): readonly string[] {
  const came = new Set(arrivals.map(({ clientOrderId }) => clientOrderId));
  const open = new Set<string>();
  const found: string[] = [];
  for (const event of events)
    if (event.kind === 'orderSent' && came.has(event.order.clientOrderId)) {
      open.add(event.order.clientOrderId);
      if (open.size > openOrdersMax)
        found.push(`order ${event.order.clientOrderId} is open beside ${open.size - 1} others`);
    } else if (event.kind === 'orderDone' || event.kind === 'orderRejected') open.delete(event.clientOrderId);
  return found;
}

/** What the account's journal, read whole, and the exchange do not agree on. */
export function journalAgainst(life: LiveLife, world: LiveWorld): readonly string[] {
  const found: string[] = [];
  const { fillIds } = world.account();
  const journalled = life.rows('fill').map((row) => String(bodyOf(row)['fillId']));
  const counts = new Map<string, number>();
  for (const id of journalled) counts.set(id, (counts.get(id) ?? 0) + 1);
  for (const [id, times] of counts) if (times > 1) found.push(`fill ${id} is in the journal ${times} times`);
  for (const id of fillIds) if (!counts.has(id)) found.push(`fill ${id} is not in the journal`);
  for (const id of counts.keys())
    if (!fillIds.includes(id)) found.push(`fill ${id} of the journal is not the exchange's`);
  const intents = new Set(life.rows('intent').map((row) => bodyOf(row)['clientOrderId']));
  for (const { clientOrderId: id } of world.arrivals)
    if (!intents.has(id))
      found.push(`order ${id} came to the exchange, and its intent is not in the journal`);
  return found;
}

/** What came to the exchange twice. */
export function repeated(arrivals: readonly Arrival[]): readonly string[] {
  const seen = new Set<string>();
  return arrivals.flatMap(({ clientOrderId: id }) => {
    if (seen.has(id)) return [`order ${id} came to the exchange twice`];
    seen.add(id);
    return [];
  });
}

/** Orders that a lane told as kept back, and that came to the exchange all the same. */
export function toldAsKept(events: readonly AuditEvent[], arrivals: readonly Arrival[]): readonly string[] {
  const came = new Set(arrivals.map(({ clientOrderId }) => clientOrderId));
  return events.flatMap((event) =>
    event.kind === 'orderRejected' && event.withheld && came.has(event.clientOrderId)
      ? [`order ${event.clientOrderId} came to the exchange, and the lane says that it stayed: ${event.why}`]
      : [],
  );
}

/** Where a lane's status and the exchange's own portfolio differ. */
export function statusAgainst(life: LiveLife, world: LiveWorld): readonly string[] {
  const status = life.status();
  if (!status) return ['the lane has no status'];
  const found: string[] = [];
  const { cashDollars, positions, restingOrders } = world.account();
  if (!(Math.abs((status.cashDollars ?? Number.NaN) - cashDollars) < CENT))
    found.push(`the lane counts $${status.cashDollars} in cash, the exchange $${cashDollars}`);
  const tickers = [...new Set([...Object.keys(positions), ...Object.keys(status.positions)])].sort();
  for (const ticker of tickers) {
    const ours = status.positions[ticker] ?? 0;
    const theirs = positions[ticker] ?? 0;
    if (ours !== theirs) found.push(`the lane holds ${ours} of ${ticker}, the exchange says ${theirs}`);
  }
  if (status.openOrders !== restingOrders)
    found.push(`the lane has ${status.openOrders} open orders, the exchange ${restingOrders}`);
  return found;
}

/** Whether the halt is on in the journal: the last change of the switch is a halt. */
export function isHaltWritten(life: LiveLife): boolean {
  const rows = [...life.rows('halt'), ...life.rows('resume')].sort((a, b) => a.seq - b.seq);
  return rows.at(-1)?.kind === 'halt';
}

/** What `voltage journal verify` says against a journal that was closed. */
export function brokenJournal(path: string): readonly string[] {
  const verified = verifyJournal(path);
  return verified.kind === 'whole' ? [] : [`the journal is broken: ${verified.why}`];
}
