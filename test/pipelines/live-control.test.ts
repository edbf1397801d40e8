import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from '@jest/globals';
import { liveControl } from '../../pipelines/run/live-control.ts';
import type { AuditEvent } from '../../src/domain/events/audit.ts';
import type { CommandFrame } from '../../src/domain/frame.ts';
import type { Found } from '../../src/execution/guard/guard.ts';
import { type Halted, readHalted, writeHalted } from '../../src/execution/journal/halted-file.ts';
import type { JournalEntry } from '../../src/execution/journal/journal-row.ts';
import { type GateMode, sendGate } from '../../src/execution/kalshi/send-gate.ts';
import { orderOf } from '../portfolio/samples.ts';
import { tempFolder } from '../support/temp-folder.ts';

const root = tempFolder();
const caps = { orderContractsMax: 10, openOrdersMax: 4, ordersPerMinuteMax: 5, dollarsPerDayMax: 20 };

/** A control whose guard finds what the test says, and whose journal and cancels are noted in `steps`. */
function standing(mode: GateMode = 'ARMED') {
  const steps: string[] = [];
  const rows: JournalEntry[] = [];
  const commands: CommandFrame[] = [];
  const stand: { found: Found; outside: Halted | undefined; watched: boolean; full: boolean } = {
    found: { halt: undefined, reductions: [] },
    outside: undefined,
    watched: true,
    full: false,
  };
  const gate = sendGate(caps, { mode, at: 1, by: 'the operator', reason: 'begins' });
  const path = join(root, 'halted.json');
  const control = liveControl({
    gate,
    guard: {
      receive: () => {},
      look: () => stand.found,
      peakDollars: () => 100,
      rearm: () => steps.push('rearm'),
    },
    journal: {
      append: (entries) => {
        if (stand.full) throw new Error('disk full');
        steps.push(...entries.map(({ kind }) => `row ${kind}`));
        rows.push(...entries);
      },
    },
    stamp: () => 50,
    cancelAll: () => {
      steps.push(`cancel while ${gate.state().mode}`);
      return Promise.resolve({ kind: 'clear' } as never);
    },
    outside: {
      path,
      read: () => stand.outside ?? readHalted(path),
      write: (halt) => writeHalted(path, halt),
    },
    watched: () => stand.watched,
    cancelOrders: () => {
      steps.push(`cancel orders while ${gate.state().mode}`);
      return Promise.resolve({ kind: 'clear' } as never);
    },
    reconcile: () => steps.push('reconcile'),
    resumed: async () => {
      steps.push('resumed');
    },
  });
  control.command$.subscribe((frame) => {
    steps.push(`command ${frame.command}`);
    commands.push(frame);
  });
  let seq = 0;
  const hear = (event: object): void => control.heard({ seq: ++seq, event: event as AuditEvent });
  return { steps, rows, commands, stand, gate, control, hear, path };
}
const account = (equityDollars: number) => ({
  kind: 'account',
  at: 5,
  cashDollars: 9,
  dayDollars: -1,
  equityDollars,
});
const adopted = { kind: 'adopted', at: 4, cash: 0, positions: [{ ticker: 'A', position: 250, paid: 0 }] };
const reduction: Found = { halt: undefined, reductions: [{ trip: 'feed', why: 'kraken is silent' }] };

/** The stand-in's cancels end at once; what waits for them goes on a turn later. */
const cancelled = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

describe('liveControl', () => {
  test('a halt shuts the gate first, then commands, writes and cancels', async () => {
    const { control, steps, rows, commands } = standing();
    await control.halt('the operator', 'lunch');
    expect(steps).toEqual(['command halt', 'row halt', 'cancel while HALTED']);
    expect(commands).toEqual([{ kind: 'command', at: 50, command: 'halt', reason: 'the operator: lunch' }]);
    expect(rows).toEqual([{ at: 50, kind: 'halt', body: { by: 'the operator', reason: 'lunch' } }]);
  });

  test('a second halt cancels again, and neither tells nor writes', async () => {
    const { control, steps } = standing();
    await control.halt('a', 'x');
    steps.length = 0;
    await control.halt('b', 'y');
    expect(steps).toEqual(['cancel while HALTED']);
    expect(control.status()).toMatchObject({ mode: 'HALTED', by: 'a', reason: 'x', since: 50 });
  });

  test('what the guard halts for stays when its cause is gone, until the operator resumes', async () => {
    const { control, stand, steps, gate } = standing();
    stand.found = { halt: { trip: 'dayLoss', why: 'lost' }, reductions: [] };
    control.look();
    expect(gate.state()).toEqual({ mode: 'HALTED', at: 50, by: 'the guard', reason: 'dayLoss: lost' });
    stand.found = { halt: undefined, reductions: [] };
    control.look();
    expect(gate.state().mode).toBe('HALTED');
    steps.length = 0;
    expect(control.resume('the operator', 'seen')).toContain('still being cancelled');
    await cancelled();
    expect(control.resume('the operator', 'seen')).toBeUndefined();
    expect(steps).toEqual(['rearm', 'resumed', 'command resume', 'row resume']);
    expect(gate.state().mode).toBe('ARMED');
  });

  test('a reduction of the guard ends with its cause, and is told once each way', () => {
    const { control, stand, steps, gate } = standing();
    stand.found = reduction;
    control.look();
    control.look();
    expect(gate.state()).toMatchObject({ mode: 'REDUCE', by: 'the guard', reason: 'feed: kraken is silent' });
    stand.found = { halt: undefined, reductions: [] };
    control.look();
    control.look();
    expect(steps).toEqual(['command reduce', 'row reduce', 'command resume', 'row resume']);
    expect(gate.state().mode).toBe('ARMED');
  });

  test('a reduction by the operator is not ended by the guard', async () => {
    const { control, gate, commands } = standing();
    await control.flatten('enough');
    control.look();
    expect(gate.state()).toMatchObject({ mode: 'REDUCE', by: 'the operator', reason: 'enough' });
    expect(commands.map(({ command }) => command)).toEqual(['flatten']);
  });

  test('the gate gets its sign of life only while somebody watches and nobody outside has halted', () => {
    const { control, gate, stand } = standing();
    stand.watched = false;
    control.look();
    expect(gate.pass(orderOf(), 50)).toContain('no sign of life');
    stand.watched = true;
    control.look();
    expect(gate.pass(orderOf(), 50)).toBeUndefined();
  });

  test('a halt from outside is taken over; a resume writes it down before it takes the file away', async () => {
    const { control, gate, rows, path } = standing();
    writeHalted(path, { by: 'the supervisor', reason: 'blocked', at: 3 } as Halted);
    control.look();
    expect(gate.state()).toMatchObject({ mode: 'HALTED', by: 'the supervisor', reason: 'blocked' });
    await cancelled();
    control.resume('the operator', 'seen');
    expect(existsSync(path)).toBe(false);
    expect(rows.map(({ kind, body }) => [kind, (body as { by: string }).by])).toEqual([
      ['halt', 'the supervisor'],
      ['halt', 'the supervisor'],
      ['resume', 'the operator'],
    ]);
  });

  test('rows are written together at the flush, and none of an account that is not adopted', () => {
    const { control, hear, rows } = standing();
    hear(account(80));
    control.flush();
    expect(rows).toEqual([]);
    hear(adopted);
    hear(account(80));
    hear({ kind: 'settlement', at: 6, ticker: 'A', position: 0 });
    hear({ kind: 'settlement', at: 7, ticker: 'A', position: 100 });
    expect(rows).toEqual([]);
    control.flush();
    expect(rows.map(({ kind, at }) => [kind, at])).toEqual([
      ['account', 5],
      ['settlement', 7],
    ]);
    expect(rows[0]?.body).toEqual({ cashDollars: 9, dayDollars: -1, equityDollars: 80, peakDollars: 100 });
    control.flush();
    expect(rows).toHaveLength(2);
  });

  test('a journal that cannot be written shuts the gate', () => {
    const { control, hear, gate, stand } = standing();
    stand.full = true;
    hear({ kind: 'difference', at: 1, ticker: 'A', why: 'x' });
    control.flush();
    expect(gate.state()).toMatchObject({ mode: 'HALTED', by: 'the journal', reason: 'disk full' });
  });

  test('a halt that the journal does not take lies beside it, and a resume takes it away once it is in the journal', async () => {
    const { control, rows, stand, path, gate } = standing();
    stand.full = true;
    await control.halt('the operator', 'it burns');
    expect(readHalted(path)).toEqual({ at: 50, by: 'the operator', reason: 'it burns' });
    stand.full = false;
    expect(control.resume('the operator', 'it is out')).toBeUndefined();
    expect(readHalted(path)).toBeUndefined();
    expect(gate.state().mode).toBe('ARMED');
    expect(rows.map(({ kind }) => kind)).toEqual(['halt', 'resume']);
    // One that the journal takes needs no file.
    await control.halt('the operator', 'again');
    expect(readHalted(path)).toBeUndefined();
  });

  test('rows that a full disk did not take are written first once it takes them again', () => {
    const { control, stand, hear, rows } = standing();
    hear(adopted);
    hear(account(10));
    stand.full = true;
    control.flush();
    expect(rows).toEqual([]);
    stand.full = false;
    hear(account(11));
    control.flush();
    expect(rows.map(({ body }) => (body as { equityDollars: number }).equityDollars)).toEqual([10, 11]);
  });

  test('what is noted is written with the next flush', () => {
    const { control, rows } = standing();
    control.note({ at: 1, kind: 'groupTriggered', body: { groupId: 'g' } });
    expect(rows).toEqual([]);
    control.flush();
    expect(rows).toMatchObject([{ kind: 'groupTriggered', body: { groupId: 'g' } }]);
  });

  test('status shows a contract that the venue has not paid yet as the venue does: held, and its payout not in the cash', () => {
    const { control, hear } = standing();
    hear(adopted);
    hear(account(10));
    const settlement = { kind: 'settlement', at: 6, ticker: 'A', position: 250, cash: 25_000 };
    hear(settlement);
    expect(control.status()).toMatchObject({ cashDollars: 6.5, positions: { A: 2.5 } });
    hear({ kind: 'venueSettlement', at: 7, ticker: 'A' });
    expect(control.status()).toMatchObject({ cashDollars: 9, positions: {} });
    // What was paid before we settled it was never held back.
    hear({ kind: 'venueSettlement', at: 8, ticker: 'B' });
    hear({ ...settlement, ticker: 'B' });
    expect(control.status()).toMatchObject({ cashDollars: 9, positions: {} });
  });

  test('status tells cash only once it is adopted, positions in contracts, and orders by what is known of them', () => {
    const { control, hear } = standing('REDUCE');
    hear(account(80));
    expect(control.status()).toMatchObject({ mode: 'REDUCE', cashDollars: null, positions: {} });
    hear(adopted);
    hear(account(80));
    for (const id of ['o1', 'o2']) hear({ kind: 'orderSent', at: 5, order: orderOf({ clientOrderId: id }) });
    hear({ kind: 'orderUnknown', at: 5, clientOrderId: 'o2', ticker: 'A', why: '' });
    expect(control.status()).toMatchObject({
      cashDollars: 9,
      positions: { A: 2.5 },
      openOrders: 2,
      unknownOrders: 1,
    });
  });

  test('an order that ended makes room at the gate', () => {
    const { control, gate, hear } = standing();
    control.look();
    expect(gate.pass(orderOf(), 50)).toBeUndefined();
    expect(control.limits()).toMatchObject({ openOrders: 1, openOrdersMax: 4 });
    hear({ kind: 'orderDone', at: 5, clientOrderId: 'o1', ticker: 'A', state: 'filled', filled: 1 });
    expect(control.limits()).toMatchObject({ openOrders: 0 });
  });

  test('what an order has filled counts at its end, before its fills are told', () => {
    const { hear, gate } = standing('REDUCE');
    hear(adopted);
    gate.alive(50);
    const ask = (clientOrderId: string) =>
      orderOf({ clientOrderId, ticker: 'A', side: 'ask', count: 200 as never });
    expect(gate.pass(ask('o1'), 50)).toBeUndefined();
    hear({ kind: 'orderDone', at: 51, clientOrderId: 'o1', ticker: 'A', state: 'filled', filled: 200 });
    expect(gate.pass(ask('o2'), 50)).toMatch(/reduce a position/);
  });

  test('the graph is told the mode that the lane begins in', () => {
    const { control, commands } = standing('HALTED');
    control.begin();
    expect(commands).toEqual([{ kind: 'command', at: 50, command: 'halt', reason: 'the operator: begins' }]);
  });
});
