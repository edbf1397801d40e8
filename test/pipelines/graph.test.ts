import { beforeAll, describe, expect, test } from '@jest/globals';
import { Subject } from 'rxjs';
import { graph } from '../../pipelines/graph.ts';
import type { Contract } from '../../src/domain/contracts.ts';
import type { AuditEvent } from '../../src/domain/events/audit.ts';
import type { ContractTop } from '../../src/domain/events/market.ts';
import type { Frame, WireFrame } from '../../src/domain/frame.ts';
import { MINUTE, SECOND } from '../../src/domain/time.ts';
import { kalshiOutcome } from '../../src/emulator/kalshi/public/outcome.ts';
import { drive } from '../../src/operators/drive.ts';
import { tapeScheduler } from '../../src/operators/tape-scheduler.ts';
import { standardChecks } from '../../src/risk/checks.ts';
import { kalshiDecoder } from '../../src/venues/kalshi/codec.ts';
import { contextOf } from '../risk/samples.ts';
import { forbidWallClock } from '../support/no-wall-clock.ts';
import { emulatedSession, forecaster, linesOf, only, runFrames, settingsOf, withCommands } from './market.ts';
import { shadowAccount } from './shadow-account.ts';

const CHECKS = standardChecks.map((check) => check(contextOf()).check);

const approvals = (events: readonly AuditEvent[], from = 0, until = Number.POSITIVE_INFINITY) =>
  only('decision', events).filter(({ verdict, at }) => verdict === 'approved' && at >= from && at < until);

describe('graph', () => {
  forbidWallClock();

  describe('over fourteen emulated minutes with a close of the hour in them', () => {
    const settings = settingsOf({ startAt: '2026-06-01T13:47:00Z', spanMinutes: 14, seed: 'two' });
    const { startAt, session, wire } = emulatedSession(settings);
    const closeAt = startAt + 13 * MINUTE;
    const haltAt = startAt + 5 * MINUTE;
    const resumeAt = startAt + 7 * MINUTE;
    // Halted for good at the close, so that whatever is held has been settled in the end.
    const frames = withCommands(
      [session, ...wire],
      [
        [haltAt, 'halt'],
        [resumeAt, 'resume'],
        [closeAt, 'halt'],
      ],
    );
    const shadow = shadowAccount(settings);
    let events: readonly AuditEvent[] = [];
    beforeAll(async () => {
      events = await runFrames(settings, frames, shadow.look);
    });

    test('the market is traded in, on both sides, so that what follows says something', () => {
      expect(approvals(events).length).toBeGreaterThan(20);
      expect(new Set(only('fill', events).map(({ side }) => side))).toEqual(new Set(['bid', 'ask']));
      expect(only('rejected', events)).toEqual([]);
    });

    test('the same frames give the same decision lines, however they are batched', async () => {
      const again = await runFrames(settings, frames, () => {}, 997);
      expect(linesOf(again)).toEqual(linesOf(events));
      expect(linesOf(events).length).toBeGreaterThan(500);
    });

    test('every decision carries every check, in one order, and is approved when none refuses', () => {
      expect(new Set(CHECKS).size).toBe(standardChecks.length);
      const odd = only('decision', events).filter(({ findings, failing, verdict }) => {
        const refusing = findings
          .filter(({ headroom }) => !(headroom !== null && headroom >= 0))
          .map(({ check }) => check);
        return (
          findings.map(({ check }) => check).join() !== CHECKS.join() ||
          refusing.join() !== failing.join() ||
          (verdict === 'approved') !== (refusing.length === 0)
        );
      });
      expect(odd).toEqual([]);
    });

    test('decisions are numbered in a row and never run ahead of their time', () => {
      const decisions = only('decision', events);
      expect(decisions.map(({ id }) => id)).toEqual(decisions.map((_, i) => i + 1));
      expect(decisions.every(({ at }, i) => i === 0 || at >= (decisions[i - 1]?.at ?? 0))).toBe(true);
    });

    test('no approval breaks a limit, and cash moves by each fill, pair and payout: all recomputed from the events alone', () => {
      expect(shadow.faults).toEqual([]);
      expect(shadow.end().approved).toBe(approvals(events).length);
    });

    test('the limits bind: each of these kept the desk out somewhere, so that the claim above says something', () => {
      const failing = new Set(only('decision', events).flatMap((decision) => decision.failing));
      const binding = [
        'closeLoss',
        'position',
        'collateral',
        'orderRate',
        'ordersOpen',
        'cooldown',
        'duplicate',
        'edge',
      ];
      for (const check of binding) expect(failing).toContain(check);
    });

    test('each approval sends one order, which ends once, with no more than it asked for', () => {
      const sent = only('orderSent', events).map(({ order }) => order);
      expect(sent.map(({ decisionId }) => decisionId)).toEqual(approvals(events).map(({ id }) => id));
      const ended = [...only('orderDone', events), ...only('orderRejected', events)];
      expect(ended.map(({ clientOrderId }) => clientOrderId).sort()).toEqual(
        sent.map(({ clientOrderId }) => clientOrderId).sort(),
      );
      for (const order of sent) {
        const fills = only('fill', events).filter(
          ({ clientOrderId }) => clientOrderId === order.clientOrderId,
        );
        expect(fills.reduce((sum, { count }) => sum + count, 0)).toBeLessThanOrEqual(order.count);
        for (const { priceTicks } of fills)
          expect(order.side === 'bid' ? priceTicks <= order.limitTicks : priceTicks >= order.limitTicks).toBe(
            true,
          );
      }
    });

    test('after halt nothing is approved until resume', () => {
      expect(approvals(events, startAt, haltAt).length).toBeGreaterThan(0);
      expect(approvals(events, haltAt, resumeAt)).toEqual([]);
      expect(approvals(events, resumeAt, closeAt).length).toBeGreaterThan(0);
      expect(approvals(events, closeAt)).toEqual([]);
      const halted = only('decision', events).filter(({ at }) => at > haltAt && at < resumeAt);
      expect(halted.length).toBeGreaterThan(0);
      expect(halted.every(({ failing }) => failing.includes('killSwitch'))).toBe(true);
    });

    test('in the end cash is the start plus all that was realised, and fees are the sum of the fills’ own', () => {
      expect(shadow.end().held).toBe(0);
      expect(only('settlement', events).some((paid) => paid.cash > 0)).toBe(true);
      const account = only('account', events).at(-1);
      const realised = only('settlement', events).reduce((sum, { pnl }) => sum + pnl, 0);
      const fees = only('fill', events).reduce((sum, { fee }) => sum + fee, 0);
      expect(account).toMatchObject({
        realisedDollars: realised / 10_000,
        feesDollars: fees / 1_000_000,
        openPositions: 0,
        openOrders: 0,
        worstDollars: 0,
      });
      expect(Math.round((account?.cashDollars ?? 0) * 10_000)).toBe(
        settings.execution.desk.startingDollars * 10_000 + realised,
      );
    });

    test('every contract that closed settled once, as the law says of the sixty prints', () => {
      const decodeKalshi = kalshiDecoder({
        useYesPrice: settings.kalshi.useYesPrice,
        assets: settings.assets,
      });
      const prints = wire
        .filter(({ venue, text }) => venue === 'kalshi' && text.includes('"cfbenchmarks_value"'))
        .flatMap(({ text, at }) => decodeKalshi(text, at))
        .flatMap((event) => (event.kind === 'indexPrint' && event.hertz === 1 ? [event] : []))
        .filter(({ at }) => at >= closeAt - MINUTE && at < closeAt);
      expect(new Set(prints.map(({ at }) => at)).size).toBe(60);
      const sum = prints.reduce((total, { units }) => total + BigInt(units), 0n);
      const valueUnits = Number((2n * sum + 60n) / 120n);

      const closed = new Map<string, Contract>();
      for (const { contract } of only('contract', events))
        if (contract.closeAt === closeAt) closed.set(contract.ticker, contract);
      const wanted = [...closed.values()].map((contract) => ({
        ticker: contract.ticker,
        valueUnits,
        result: kalshiOutcome(contract, contract.settlesBy === 'average' ? Number(sum) / 60 : valueUnits),
      }));
      expect(wanted.length).toBeGreaterThan(5);
      expect(new Set(wanted.map(({ result }) => result))).toEqual(new Set(['yes', 'no']));
      const byTicker = (a: { ticker: string }, b: { ticker: string }) => (a.ticker < b.ticker ? -1 : 1);
      expect(
        only('settlement', events)
          .map(({ ticker, valueUnits: value, result }) => ({ ticker, valueUnits: value, result }))
          .sort(byTicker),
      ).toEqual(wanted.sort(byTicker));
    });
  });

  describe('over the last minutes before a close, with something broken', () => {
    const settings = settingsOf({ startAt: '2026-06-01T13:57:00Z', spanMinutes: 6 });
    const { startAt, session, wire } = emulatedSession(settings);
    const breakAt = startAt + 100 * SECOND;
    const closeAt = startAt + 3 * MINUTE;
    const isDelta = ({ text }: WireFrame) => text.startsWith('{"type":"orderbook_delta"');
    const shadow = shadowAccount(settings);
    let sound: readonly AuditEvent[] = [];
    beforeAll(async () => {
      sound = await runFrames(settings, [session, ...wire], shadow.look);
    });

    /** Index of the first frame from `breakAt` on that fits. */
    const find = (fits: (frame: WireFrame) => boolean): number => {
      const found = wire.findIndex((frame) => frame.at >= breakAt && fits(frame));
      if (found < 0) throw new Error('graph.test: a frame to break must be found, was none');
      return found;
    };
    const altered = (which: number, change: (text: string) => string): readonly Frame[] => [
      session,
      ...wire.map((frame, i) => (i === which ? { ...frame, text: change(frame.text) } : frame)),
    ];

    test('unbroken, it is traded in before and after the break, and after the close', () => {
      expect(approvals(sound, startAt, breakAt).length).toBeGreaterThan(0);
      expect(approvals(sound, breakAt, closeAt).length).toBeGreaterThan(0);
      expect(approvals(sound, closeAt).length).toBeGreaterThan(0);
      expect(only('gap', sound).every(({ cause }) => cause === 'session')).toBe(true);
    });

    test('unbroken, no approval breaks a limit, with contracts of two closes at once that share one limit', () => {
      expect(shadow.faults).toEqual([]);
      const failing = only('decision', sound).flatMap((decision) => decision.failing);
      expect(failing).toContain('totalLoss');
    });

    test('another seed gives other decisions', async () => {
      const other = settingsOf({ startAt: '2026-06-01T13:57:00Z', spanMinutes: 2, seed: 'other' });
      const made = emulatedSession(other);
      const lines = linesOf(await runFrames(other, [made.session, ...made.wire]));
      expect(lines.slice(0, 50)).not.toEqual(linesOf(sound).slice(0, 50));
    });

    test('one delta lost voids every book of its subscription, and nothing is approved on a book before its snapshot', async () => {
      const lost = find(isDelta);
      const frames = [session, ...wire.slice(0, lost), ...wire.slice(lost + 1)];
      const books = new Map<string, boolean>();
      const snapshotAt = new Map<string, number>();
      let gapAt = Number.POSITIVE_INFINITY;
      let voided = 0;
      const unsound: number[] = [];
      const events = await runFrames(settings, frames, (event) => {
        if (event.kind === 'gap' && event.cause === 'sequence') {
          gapAt = event.receivedAt;
          voided = books.size;
        }
        if (event.kind === 'contractBook') {
          books.set(event.ticker, event.top.live);
          if (event.change.kind === 'snapshot') snapshotAt.set(event.ticker, event.receivedAt);
        }
        if (event.kind === 'decision' && event.verdict === 'approved' && event.at >= gapAt)
          if (!((snapshotAt.get(event.ticker) ?? 0) >= gapAt)) unsound.push(event.id);
      });
      const gaps = only('gap', events).filter(({ cause }) => cause === 'sequence');
      expect(gaps).toHaveLength(1);
      expect(gaps[0]?.receivedAt).toBeGreaterThanOrEqual(breakAt);
      expect(voided).toBeGreaterThan(5);
      const told = only('contractBook', events).filter(
        ({ receivedAt, change }) => receivedAt === gapAt && change.kind === 'void',
      );
      expect(new Set(told.map(({ ticker }) => ticker)).size).toBe(voided);
      expect(unsound).toEqual([]);
      expect(approvals(events, gapAt, closeAt)).toEqual([]);
      const refused = only('decision', events).filter(({ at }) => at > gapAt && at < closeAt);
      expect(refused.length).toBeGreaterThan(0);
      expect(refused.every(({ failing }) => failing.includes('bookIntact'))).toBe(true);
      // The contracts that opened after the close came with snapshots of their own.
      expect(approvals(events, closeAt).length).toBeGreaterThan(0);
      const linesBefore = (all: readonly AuditEvent[]) =>
        linesOf(all.filter((event) => !('at' in event) || event.at < breakAt));
      expect(linesBefore(events)).toEqual(linesBefore(sound));
    });

    test('a book that a wrong price crossed is not traded on', async () => {
      const lifted = find(
        ({ text }) =>
          isDelta({ text } as WireFrame) && /"delta_fp":"\d/.test(text) && /"side":"yes"/.test(text),
      );
      const ticker = /"market_ticker":"([^"]+)"/.exec(wire[lifted]?.text ?? '')?.[1];
      let crossed = 0;
      let view: ContractTop | undefined;
      const unsound: number[] = [];
      const events = await runFrames(
        settings,
        altered(lifted, (text) => text.replace(/"price_dollars":"[\d.]+"/, '"price_dollars":"0.9900"')),
        (event) => {
          if (event.kind === 'contractBook' && event.ticker === ticker) {
            view = event.top;
            if (event.top.crossed) crossed++;
          }
          if (event.kind !== 'decision' || event.ticker !== ticker || event.verdict !== 'approved') return;
          if (!view?.live || view.crossed) unsound.push(event.id);
        },
      );
      expect(crossed).toBeGreaterThan(0);
      expect(unsound).toEqual([]);
      const refused = only('decision', events).filter(
        (decision) => decision.ticker === ticker && decision.at > breakAt && decision.at < closeAt,
      );
      expect(refused.length).toBeGreaterThan(0);
      expect(refused.some(({ failing }) => failing.includes('bookIntact'))).toBe(true);
    });

    test('a corrupted checksum is a gap that voids Kraken’s book until a snapshot, and nothing is approved without that book', async () => {
      const corrupted = find(
        ({ venue, text }) => venue === 'kraken' && text.startsWith('{"channel":"book","type":"update"'),
      );
      const events = await runFrames(
        settings,
        altered(corrupted, (text) =>
          text.replace(/"checksum":(\d+)/, (_, sum) => `"checksum":${(Number(sum) + 1) % 2 ** 32}`),
        ),
      );
      const at = wire[corrupted]?.at ?? 0;
      const gaps = only('gap', events).filter(({ cause }) => cause === 'checksum');
      expect(gaps).toEqual([expect.objectContaining({ venue: 'kraken', scope: 'BTC/USD', receivedAt: at })]);
      const verdicts = only('krakenBookChecked', events);
      expect(verdicts.filter(({ verdict }) => verdict === 'failed')).toHaveLength(1);
      const later = verdicts.filter(({ receivedAt }) => receivedAt > at);
      expect(later.length).toBeGreaterThan(100);
      expect(later.every(({ verdict }) => verdict === 'ignored')).toBe(true);
      expect(only('spotTop', events).some(({ receivedAt }) => receivedAt >= at)).toBe(false);
      const blindAt = at + settings.risk.krakenBookMaxAgeMicros + SECOND;
      expect(approvals(events, blindAt)).toEqual([]);
      const refused = only('decision', events).filter((decision) => decision.at > blindAt);
      expect(refused.length).toBeGreaterThan(0);
      expect(refused.every(({ failing }) => failing.includes('krakenBookFresh'))).toBe(true);
      expect(only('spotTop', sound).some(({ receivedAt }) => receivedAt >= at)).toBe(true);
    });

    test('a frame that nobody can read is rejected, and stops nothing', async () => {
      const torn = find(({ text }) => text.startsWith('{"type":"ticker"'));
      const events = await runFrames(
        settings,
        altered(torn, (text) => text.slice(0, text.length / 2)),
      );
      expect(only('rejected', events)).toHaveLength(1);
      expect(approvals(events, closeAt).length).toBeGreaterThan(0);
    });

    test('a second session voids what the first one knew: on its first books nothing is known of index, forecast or prints', async () => {
      const pauseAt = startAt + 70 * SECOND;
      const first = wire.filter(({ at }) => at < pauseAt);
      // Kalshi begins anew, as on a connection just made, but nobody prints an index and Kraken is silent.
      const second = wire
        .filter(
          ({ venue, text, at }) =>
            venue === 'kalshi' && !text.includes('cfbenchmarks') && at < startAt + 5 * SECOND,
        )
        .map((frame) => ({ ...frame, at: frame.at + (pauseAt - startAt) }));
      const events = await runFrames(settings, [
        session,
        ...first,
        { ...session, at: pauseAt, name: 'second', history: [] },
        ...second,
      ]);
      expect(approvals(events, startAt, pauseAt).length).toBeGreaterThan(0);
      const decided = only('decision', events).filter(({ at }) => at >= pauseAt);
      expect(decided.length).toBeGreaterThan(5);
      const voids = ['indexKnown', 'warm', 'forecastUsable', 'priced'];
      for (const { failing } of decided) expect(failing).toEqual(expect.arrayContaining(voids));
    });

    test('two subscribers share no state: each decides as it would alone, whenever the other comes', async () => {
      const until = startAt + 95 * SECOND;
      const frames: readonly Frame[] = [session, ...wire.filter(({ at }) => at < until)];
      const clock = tapeScheduler(startAt);
      const frame$ = new Subject<Frame>();
      const audit$ = graph({
        frame$,
        clock,
        settings,
        forecasterOf: () => forecaster,
        orders: 'paper',
      });
      const [first, twin, late]: [AuditEvent[], AuditEvent[], AuditEvent[]] = [[], [], []];
      const lanes = [first, twin].map((into) => audit$.subscribe(({ event }) => into.push(event)));
      let seen = 0;
      await drive([frames], clock, (frame) => {
        if (seen++ === Math.floor(frames.length / 2))
          lanes.push(audit$.subscribe(({ event }) => late.push(event)));
        frame$.next(frame);
      });
      for (const lane of lanes) lane.unsubscribe();
      const alone = linesOf(await runFrames(settings, frames));
      expect(approvals(first).length).toBeGreaterThan(0);
      expect(linesOf(first)).toEqual(alone);
      expect(linesOf(twin)).toEqual(alone);
      expect(linesOf(late)).toEqual([]);
      expect(only('contractBook', late)).toEqual([]);
      expect(clock.pending()).toBe(0);
    });
  });
});
