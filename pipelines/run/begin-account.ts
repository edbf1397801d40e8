import { firstValueFrom, type Observable } from 'rxjs';
import type { Settings } from '../../src/config/settings.ts';
import type { CarriedFrame } from '../../src/domain/frame.ts';
import { cash, DOLLAR_TICKS, dollarsOf } from '../../src/domain/money.ts';
import { DAY, type Micros } from '../../src/domain/time.ts';
import type { Journal } from '../../src/execution/journal/journal.ts';
import { type Restored, restore } from '../../src/execution/journal/restore.ts';
import type { Cancelled } from '../../src/execution/kalshi/cancel-everything.ts';
import { type AccountRead, readAccount } from '../../src/execution/kalshi/read-account.ts';
import { after } from '../../src/operators/after.ts';
import type { EdgeClock } from '../../src/transport/edge-clock.ts';
import type { KalshiAnswer } from '../../src/venues/kalshi/rest.ts';

/** What a lane needs to begin with an account. */
export interface BeginAccount {
  readonly settings: Pick<Settings, 'assets'>;
  readonly journal: Journal;
  readonly clock: EdgeClock;
  readonly stamp: () => Micros;
  readonly cancelAll: () => Promise<Cancelled>;
  /** One round of reads, with orders and fills since a time. */
  readonly reads: (since: Micros) => Observable<KalshiAnswer>;
}

/** An account that is known at the start of a lane. */
export interface BegunAccount {
  readonly restored: Restored;
  readonly carried: CarriedFrame;
  /** Peak of the equity in earlier runs; undefined for an account that never traded here. */
  readonly peakDollars: number | undefined;
}

const TRIES = 30;
const BETWEEN_MS = 1_000;

/**
 * Learns what an account brings: cancels all orders that an earlier run left, writes the fills that it missed
 * to the journal, and continues its day. The day's result is the journal's, and the change of equity since
 * (without deposits and withdrawals) is added: what happened while nobody looked counts to today. Throws a
 * sentence if the venue still has orders or cannot tell the account.
 */
export async function beginAccount(options: BeginAccount): Promise<BegunAccount> {
  const { journal, stamp, clock } = options;
  const startAt = stamp();
  const restored = restore(journal, startAt);
  const cancelled = await options.cancelAll();
  if (cancelled.kind !== 'clear')
    throw new Error(`live: orders of an earlier run may still rest at the venue: ${cancelled.why}`);
  const since = Math.min(restored.lastRunAt ?? startAt, startAt);
  const read = await whole(options, since, startAt, clock);
  const ours = new Set(restored.orderIds);
  const missed = read.fills.filter(
    ({ clientOrderId, fillId }) => ours.has(clientOrderId) && !restored.fillIds.has(fillId),
  );
  if (missed.length > 0) journal.append(missed.map((fill) => ({ at: fill.at, kind: 'fill', body: fill })));

  const { account, orderIds } = restored;
  const equity = dollarsOf(cash(read.cash + read.paid));
  const change = account ? equity - account.equityDollars - dollarsOf(read.movedSince(account.at)) : 0;
  const before = account && dayNumber(account.at) === dayNumber(startAt) ? account.dayDollars : 0;
  return {
    restored,
    carried: {
      kind: 'carried',
      at: startAt,
      dayPnl: cash(Math.round((before + change) * DOLLAR_TICKS)),
      orderIds,
    },
    peakDollars: account && Math.max(account.peakDollars + dollarsOf(read.movedSince(account.at)), equity),
  };
}

const dayNumber = (at: Micros): number => Math.floor(at / DAY);

/** Reads the account until a read is as new as `startAt`. */
async function whole(
  { settings, reads, stamp }: BeginAccount,
  since: Micros,
  startAt: Micros,
  clock: EdgeClock,
): Promise<AccountRead> {
  let why = '';
  for (let tries = 0; tries < TRIES; tries++) {
    const read = await readAccount(reads(since), settings.assets, stamp);
    if (read.kind === 'read' && read.asOf > startAt) return read;
    why = read.kind === 'unread' ? read.why : 'its answers are older than this start';
    await firstValueFrom(after(BETWEEN_MS, clock));
  }
  throw new Error(`live: the account cannot be read: ${why}`);
}
