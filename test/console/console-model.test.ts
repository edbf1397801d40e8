import { beforeAll, describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { summariser } from '../../pipelines/run/summary.ts';
import { applyPatch } from '../../src/console/apply-patch.ts';
import type { ConsoleModel } from '../../src/console/console-model.ts';
import { mergePatches } from '../../src/console/merge-patches.ts';
import { type AssetView, type ConsolePatch, type ConsoleState, RING_MOST } from '../../src/console/state.ts';
import type { AuditEvent } from '../../src/domain/events/audit.ts';
import { replica } from '../../src/domain/replica.ts';
import '../support/properties.ts';
import { modelOf, sessionEvents, settings } from './session.ts';

const plain = <T>(value: T): T => JSON.parse(JSON.stringify(value)) as T;

/** Feeds events and takes a patch after each of `cuts` counts of them. */
function feed(model: ConsoleModel, events: readonly AuditEvent[], takeAfter: (count: number) => boolean) {
  const states: ConsoleState[] = [model.snapshot()];
  const patches: ConsolePatch[] = [];
  events.forEach((event, i) => {
    model.add({ seq: i + 1, event });
    if (!takeAfter(i + 1) && i + 1 < events.length) return;
    const patch = model.take();
    if (patch) patches.push(plain(patch));
    states.push(plain(model.snapshot()));
  });
  return { states, patches };
}

describe('the console of an emulated session', () => {
  let events: readonly AuditEvent[] = [];
  let whole: ConsoleState;
  beforeAll(async () => {
    events = await sessionEvents();
    const model = modelOf();
    for (const [i, event] of events.entries()) model.add({ seq: i + 1, event });
    model.take();
    whole = plain(model.snapshot());
  });

  test('a snapshot of any time and all later patches give the later snapshot', () => {
    const { states, patches } = feed(modelOf(), events, (count) => count % 1_003 === 0);
    expect(patches.length).toBeGreaterThan(10);
    const last = states.at(-1) as ConsoleState;
    for (const start of [states[0], states[3], states.at(-4)]) {
      let state = start;
      for (const patch of patches) if (state && patch.patch > state.patch) state = applyPatch(state, patch);
      expect(state).toEqual(last);
    }
  });

  test('how often patches were taken changes nothing of maps, and of rings nothing', () => {
    const { states } = feed(modelOf(), events, (count) => count % 7_001 === 0);
    const often = states.at(-1) as ConsoleState;
    expect(often.maps).toEqual(whole.maps);
    expect(often.rings).toEqual(whole.rings);
    expect(often.values.money).toEqual(whole.values.money);
  });

  test('books, positions and last decisions are those of the replica', () => {
    const run = replica();
    for (const [i, event] of events.entries()) run.add({ seq: i + 1, event });
    const { books, positions, decisions } = run.state();
    const shown = Object.values(whole.maps.contracts);
    expect(shown.length).toBeGreaterThan(3);
    for (const contract of shown) {
      const book = books.get(contract.ticker);
      const bids = [...(book?.bids ?? [])].sort(([a], [b]) => b - a).slice(0, 10);
      const asks = [...(book?.asks ?? [])].sort(([a], [b]) => a - b).slice(0, 10);
      expect([contract.bids, contract.asks]).toEqual([bids, asks]);
      expect([contract.bidTicks ?? undefined, contract.bidCount]).toEqual([bids[0]?.[0], bids[0]?.[1] ?? 0]);
      expect(contract.position).toBe(positions.get(contract.ticker) ?? 0);
      expect(contract.decision?.id).toBe(decisions.get(contract.ticker)?.id);
    }
  });

  test('rings hold the last decisions and all fills, in order', () => {
    const ids = events.flatMap((event) => (event.kind === 'decision' ? [event.id] : []));
    expect(whole.rings.decisions.map(({ id }) => id)).toEqual(ids.slice(-RING_MOST.decisions));
    const fills = events.flatMap((event) => (event.kind === 'fill' ? [event.fillId] : []));
    expect(fills.length).toBeGreaterThan(0);
    expect(whole.rings.fills.map(({ fillId }) => fillId)).toEqual(fills.slice(-RING_MOST.fills));
  });

  test('a decision is found by its number while the ring has its line', () => {
    const model = modelOf();
    for (const [i, event] of events.entries()) model.add({ seq: i + 1, event });
    model.take();
    const lines = model.snapshot().rings.decisions;
    for (const line of [lines[0], lines.at(-1)]) {
      expect(line).toBeDefined();
      if (line) expect(model.decision(line.id)).toMatchObject({ ...line });
    }
    expect(model.decision(-1)).toBeUndefined();
  });

  test('the last decision of every contract that is shown is found, however long ago it was made', () => {
    const model = modelOf();
    for (const [i, event] of events.entries()) model.add({ seq: i + 1, event });
    const decision = events.findLast((event) => event.kind === 'decision');
    if (decision?.kind !== 'decision') throw new Error('the session decides');
    // Another contract is decided on until the ring has nothing else.
    for (let i = 0; i <= RING_MOST.decisions; i++)
      model.add({ seq: events.length + i + 1, event: { ...decision, id: 1e6 + i, ticker: 'KXBTCD-other' } });
    model.take();
    const shown = Object.values(model.snapshot().maps.contracts).flatMap((each) => each.decision ?? []);
    expect(shown.length).toBeGreaterThan(3);
    for (const { id, why } of shown) expect(model.decision(id)).toMatchObject({ id, why });
  });

  test('at every settlement value’s worst and at the marks, money is what the account and the summary say', () => {
    const model = modelOf();
    const totals = summariser(settings.assets);
    let compared = 0;
    let marks = 0;
    const sides = new Set<string>();
    events.forEach((event, i) => {
      model.add({ seq: i + 1, event });
      totals.add(event);
      if (event.kind === 'fill') sides.add(`${event.side}${event.ticker}`);
      if (event.kind !== 'account' || event.openOrders > 0) return;
      model.take();
      const { values, maps } = model.snapshot();
      const worst = Object.values(maps.payoffs).reduce((sum, payoff) => sum + payoff.worst[1], 0);
      expect(worst).toBeCloseTo(event.worstDollars, 6);
      expect(values.limits.find(({ name }) => name === 'totalLoss')?.used).toBeCloseTo(
        Math.max(0, -event.worstDollars),
        6,
      );
      expect(values.money?.cashDollars).toBe(event.cashDollars);
      if (event.openPositions > 0) compared++;
      // The summary counts pairs that were redeemed as part of a position; the console, as the account, does not.
      const marked = totals.read().markedDollars;
      if (marked === undefined || sides.size !== new Set([...sides].map((side) => side.slice(3))).size)
        return;
      expect(values.money?.markedDollars).toBeCloseTo(marked, 6);
      marks++;
    });
    expect(compared).toBeGreaterThan(3);
    expect(marks).toBeGreaterThan(0);
  });

  test('minutes and seconds make points, none twice, and a forecast has a cone around the index', () => {
    const { prices, volatilities, equity, abstentions } = whole.rings;
    for (const ring of [prices, volatilities, equity, abstentions]) {
      expect(ring.length).toBeGreaterThan(5);
      const times = ring.map(({ at }) => at);
      expect(times).toEqual([...new Set(times)].sort((a, b) => a - b));
    }
    const refused = events.filter(
      (event) => event.kind === 'decision' && event.verdict === 'abstained',
    ).length;
    const counted = abstentions
      .flatMap(({ byCheck }) => Object.values(byCheck))
      .reduce((sum, n) => sum + n, 0);
    expect(counted).toBeGreaterThan(0.8 * refused);
    expect(counted).toBeLessThanOrEqual(refused);
    const { indexDollars, cone, volatilities: now } = whole.maps.assets['BTC'] as AssetView;
    expect(cone.length).toBeGreaterThan(8);
    for (const { lowDollars, highDollars } of cone) {
      expect(lowDollars).toBeLessThanOrEqual(indexDollars ?? 0);
      expect(highDollars).toBeGreaterThanOrEqual(indexDollars ?? Infinity);
    }
    expect(now.realised).toBeGreaterThan(0);
    expect(volatilities.some(({ implied }) => implied !== null)).toBe(true);
  });

  test('once contracts have settled, checks have a worth and probabilities an outcome', () => {
    expect(
      whole.values.checks.some(({ settled, wouldDollars }) => settled > 0 && wouldDollars !== null),
    ).toBe(true);
    expect(whole.values.checks.reduce((sum, { refused }) => sum + refused, 0)).toBe(
      events.filter((event) => event.kind === 'decision' && event.verdict === 'abstained').length,
    );
    expect(whole.values.reliability.reduce((sum, { count }) => sum + count, 0)).toBeGreaterThan(0);
  });

  test('the halt is in the log and in the word, and so is its end', () => {
    const words = new Set<string>();
    const model = modelOf();
    events.forEach((event, i) => {
      model.add({ seq: i + 1, event });
      if (i % 500 !== 0) return;
      model.take();
      words.add(model.snapshot().values.word.word);
    });
    expect(words).toContain('HALTED');
    expect(words).toContain('TRADING');
    expect(whole.values.word.word).not.toBe('HALTED');
    expect(whole.rings.log.filter(({ about }) => about === 'halt').map(({ text }) => text)).toEqual([
      'halted',
      'resumed',
    ]);
  });

  test('a contract whose book moved comes without its terms and its decision, and no contract has findings', () => {
    const { patches } = feed(modelOf(), events, (count) => count % 97 === 0);
    const names = patches.flatMap(({ maps }) =>
      Object.values(maps?.contracts ?? {}).map((fields) => Object.keys(fields ?? {})),
    );
    expect(names.filter((each) => each.includes('bids') && !each.includes('ticker')).length).toBeGreaterThan(
      50,
    );
    expect(JSON.stringify(patches)).not.toContain('"findings"');
  });

  test('property: patches that are merged do what they do one after the other, wherever they are cut', () => {
    const { states, patches } = feed(modelOf(), events.slice(0, 8_000), (count) => count % 97 === 0);
    fc.assert(
      fc.property(fc.nat(patches.length - 1), fc.nat(patches.length - 1), (one, other) => {
        const [from, to] = [Math.min(one, other), Math.max(one, other) + 1];
        const apply = (state: ConsoleState | undefined, patch: ConsolePatch) =>
          state && applyPatch(state, patch);
        const before = patches.slice(0, from).reduce(apply, states[0]) as ConsoleState;
        const after = patches.slice(from, to).reduce(apply, before);
        const merged = mergePatches(patches.slice(from, to)) as ConsolePatch;
        expect(applyPatch(before, { ...merged, patch: before.patch + 1 })).toEqual({
          ...after,
          patch: before.patch + 1,
        });
      }),
      { numRuns: 20 },
    );
  });

  test('property: any cut of the run gives states that patches connect', () => {
    const some = events.slice(0, 3_000);
    fc.assert(
      fc.property(fc.uniqueArray(fc.integer({ min: 1, max: some.length }), { maxLength: 12 }), (cuts) => {
        const at = new Set(cuts);
        const { states, patches } = feed(modelOf(), some, (count) => at.has(count));
        let state: ConsoleState | undefined = states[0];
        for (const patch of patches) state = state && applyPatch(state, patch);
        expect(state).toEqual(states.at(-1));
      }),
      { numRuns: 8 },
    );
  });
});
