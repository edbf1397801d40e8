import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { consolePlayer } from '../../pipelines/edges/console-player.ts';
import { runEvents, runFolder } from '../../pipelines/load/run-events.ts';
import { consoleFilm } from '../../pipelines/run/console-film.ts';
import { applyPatch } from '../../src/console/apply-patch.ts';
import { consoleModel } from '../../src/console/console-model.ts';
import type { ConsoleState } from '../../src/console/state.ts';
import type { AuditEvent, Audited } from '../../src/domain/events/audit.ts';
import { type Micros, SECOND } from '../../src/domain/time.ts';
import { riskSettings } from '../../src/risk/settings.ts';
import { BTC } from '../support/btc.ts';
import { tempFolder } from '../support/temp-folder.ts';

const FROM = 1_780_000_000 * SECOND;
const model = () =>
  consoleModel({
    lane: { mark: 'REPLAY', name: 'test', label: 'test', acts: [], speed: 60 },
    assets: [BTC],
    risk: riskSettings.parse({}),
  });
/** A run of commands: each is a line of the log, and may change the word. */
const command = (seconds: number, i: number): Audited => ({
  seq: i + 1,
  event: {
    kind: 'command',
    at: FROM + Math.round(seconds * SECOND),
    command: i % 3 === 0 ? 'halt' : 'resume',
    reason: `reason ${i}`,
  },
});
const runOf = (gaps: readonly number[]): readonly Audited[] => {
  let seconds = 0;
  return gaps.map((gap, i) => {
    seconds += gap;
    return command(seconds, i);
  });
};
const linesOf = ({ rings }: ConsoleState): readonly string[] => rings.log.map(({ text }) => text);
const reasonsUpTo = (run: readonly Audited[], until: Micros): readonly string[] =>
  run.filter(({ event }) => event.at <= until).map(({ event }) => ('reason' in event ? event.reason : ''));

function filmed(run: readonly Audited[]) {
  const film = consoleFilm(model());
  for (const each of run) film.add(each);
  film.finish();
  return film;
}
/** A player of a film, and a clock that the test moves. */
function played(run: readonly Audited[], at?: Micros) {
  const film = filmed(run);
  const stand = { nowMs: 0, jumps: 0 };
  const player = consolePlayer({
    film,
    empty: model().snapshot(),
    at,
    speed: 60,
    loaded: () => 1,
    nowMs: () => stand.nowMs,
    jumped: () => {
      stand.jumps++;
    },
  });
  return { film, player, stand };
}
const gaps = fc.array(
  fc.oneof(fc.constant(0), fc.double({ min: 0.01, max: 3, noNaN: true }), fc.constant(600)),
  {
    minLength: 1,
    maxLength: 300,
  },
);

describe('a film of a run', () => {
  test('property: any time that is sought shows what had happened until the second before it, and nothing later', () => {
    fc.assert(
      fc.property(
        gaps,
        fc.array(fc.double({ min: 0, max: 1, noNaN: true }), { minLength: 1, maxLength: 6 }),
        (given, shares) => {
          const run = runOf(given);
          const { film, player, stand } = played(run);
          const { from, until } = film.span() ?? { from: 0, until: 0 };
          expect(until).toBe(run.at(-1)?.event.at);
          player.steer({ playing: false });
          player.take();
          for (const share of [...shares, 1]) {
            player.steer({ at: share === 1 ? until : Math.round(from + share * (until - from)) });
            player.take();
            const state = player.snapshot();
            // A picture is of a second at most: all before it is there, and nothing after the time that is shown.
            const wanted = player.read().at;
            const shown = linesOf(state).length;
            expect(shown).toBeGreaterThanOrEqual(Math.min(reasonsUpTo(run, wanted - SECOND).length, 500));
            expect(shown).toBeLessThanOrEqual(reasonsUpTo(run, wanted).length);
            expect(linesOf(state).at(-1)).toContain(reasonsUpTo(run, state.at).at(-1) as string);
          }
          expect(stand.jumps).toBe(shares.length + 2);
          film.close();
        },
      ),
      { numRuns: 40 },
    );
  });

  test('property: played from its start it gives patches without a hole that lead to its end', () => {
    fc.assert(
      fc.property(gaps, fc.integer({ min: 10, max: 900 }), (given, stepMs) => {
        const run = runOf(given);
        const { film, player, stand } = played(run);
        player.take();
        let state = player.snapshot();
        player.steer({ speed: 600 });
        for (let turns = 0; player.read().playing; turns++) {
          if (turns > 1e6) throw new Error('it plays for ever');
          stand.nowMs += stepMs;
          const patch = player.take();
          if (!patch) continue;
          const next = applyPatch(state, patch);
          expect(next).toBeDefined();
          state = next as ConsoleState;
        }
        expect(linesOf(state)).toHaveLength(Math.min(run.length, 500));
        expect(state).toEqual(player.snapshot());
        expect(state.at).toBe(run.at(-1)?.event.at);
        film.close();
      }),
      { numRuns: 25 },
    );
  });

  test('stands still while it is paused or nobody asks, and begins anew when it is played from its end', () => {
    const { film, player, stand } = played(runOf([0, 100, 100, 100]));
    player.take();
    player.steer({ playing: false });
    stand.nowMs += 60_000;
    expect(player.take()).toBeUndefined();
    player.steer({ playing: true });
    stand.nowMs += 3_600_000;
    player.take();
    // An hour in which nobody asked counts as a second.
    expect(player.read().at).toBe(FROM + 60 * SECOND);
    player.steer({ at: FROM + 300 * SECOND });
    player.take();
    stand.nowMs += 1_000;
    player.take();
    expect(player.read()).toMatchObject({ playing: false, at: FROM + 300 * SECOND });
    player.steer({ playing: true });
    player.take();
    expect(player.read()).toMatchObject({ playing: true, at: FROM });
    film.close();
  });

  test('a time beyond its ends shows the end that is nearest', () => {
    const { film, player } = played(runOf([0, 10]), FROM + 9_999 * SECOND);
    player.take();
    expect(player.snapshot().at).toBe(FROM + 10 * SECOND);
    player.steer({ at: 0 });
    player.take();
    expect(player.read().at).toBe(FROM);
    film.close();
  });

  test('without an event it has nothing to show, and says so', () => {
    const { film, player } = played([]);
    expect(film.span()).toBeUndefined();
    expect(player.take()).toBeUndefined();
    expect(film.decision(1)).toBeUndefined();
    film.close();
  });
});

describe('the folder of a finished run', () => {
  const root = tempFolder();
  const line = (body: object): string => `${JSON.stringify(body)}\n`;
  const decision = (id: number, at: number): string =>
    line({
      id,
      at,
      ticker: 'T',
      verdict: 'abstained',
      bidTicks: null,
      askTicks: 7,
      market: {},
      proposal: { side: 'bid' },
      failing: [],
      findings: [],
      model: null,
      wouldChange: { priceTicks: 3_400, volatilityFactor: null, at: null },
      inputs: '0',
    });
  const all = async (
    folder: string,
  ): Promise<{ readonly events: readonly AuditEvent[]; readonly bad: number }> => {
    const run = runFolder(folder);
    if (!run) throw new Error('no run');
    const events: AuditEvent[] = [];
    let bad = 0;
    for await (const { seq, event } of runEvents(run, () => bad++)) {
      expect(seq).toBe(events.length + 1);
      events.push(event);
    }
    return { events, bad };
  };

  test('gives nothing where a line of decisions has null, so that no sentence speaks of it', async () => {
    const folder = join(root, 'nulls');
    mkdirSync(folder);
    writeFileSync(join(folder, 'decisions.ndjson'), decision(1, 10));
    const [event] = (await all(folder)).events;
    expect(event).toMatchObject({ kind: 'decision', proposal: { side: 'bid', ticker: 'T' } });
    expect(
      event?.kind === 'decision' && [event.bidTicks, event.askTicks, event.model, event.wouldChange],
    ).toEqual([undefined, 7, undefined, { priceTicks: 3_400, volatilityFactor: undefined, at: undefined }]);
  });

  test('gives its lines as the events they were written of, in order of time, its full parts first', async () => {
    const folder = join(root, 'whole');
    mkdirSync(folder);
    writeFileSync(
      join(folder, 'SIMULATED-decisions-0001.ndjson.gz'),
      gzipSync(decision(1, 10) + decision(2, 20)),
    );
    writeFileSync(join(folder, 'SIMULATED-decisions-0002.ndjson'), decision(3, 30));
    writeFileSync(join(folder, 'SIMULATED-decisions.ndjson'), decision(4, 40));
    writeFileSync(
      join(folder, 'SIMULATED-orders.ndjson'),
      line({ kind: 'orderSent', clientOrderId: 'a', decisionId: 2, at: 20 }),
    );
    writeFileSync(join(folder, 'SIMULATED-fills.ndjson'), line({ kind: 'fill', clientOrderId: 'a', at: 25 }));
    writeFileSync(join(folder, 'SIMULATED-summary.json'), '{}');
    const { events, bad } = await all(folder);
    expect(bad).toBe(0);
    expect(events.map(({ kind, at }) => [kind, at])).toEqual([
      ['decision', 10],
      ['decision', 20],
      ['orderSent', 20],
      ['fill', 25],
      ['decision', 30],
      ['decision', 40],
    ]);
    expect(events[0]).toMatchObject({
      id: 1,
      bidTicks: undefined,
      askTicks: 7,
      model: undefined,
      proposal: { ticker: 'T' },
    });
    expect(events[2]).toEqual({
      kind: 'orderSent',
      at: 20,
      order: { clientOrderId: 'a', decisionId: 2, at: 20 },
    });
  });

  test('of which a line is damaged, or that was killed, gives the others and counts what it left out', async () => {
    const folder = join(root, 'killed');
    mkdirSync(folder);
    writeFileSync(
      join(folder, 'decisions.ndjson.part'),
      `${decision(1, 10)}{"id":2,"at"\nnull\n${decision(3, 30)}`,
    );
    const { events, bad } = await all(folder);
    expect([events.length, bad]).toEqual([2, 2]);
  });

  test('with two runs is refused, and one without any is none', () => {
    const folder = join(root, 'two');
    mkdirSync(folder);
    writeFileSync(join(folder, 'decisions.ndjson'), '');
    writeFileSync(join(folder, 'LIVE-decisions.ndjson'), '');
    expect(() => runFolder(folder)).toThrow(/several runs/);
    mkdirSync(join(root, 'none'));
    expect(runFolder(join(root, 'none'))).toBeUndefined();
    expect(runFolder(join(root, 'absent'))).toBeUndefined();
    expect(runFolder(join(folder, 'decisions.ndjson'))).toBeUndefined();
  });
});
