import { afterAll, describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import type { AuditEvent } from '../../src/domain/events/audit.ts';
import type { Frame, WireFrame } from '../../src/domain/frame.ts';
import { DAY, HOUR, MILLISECOND, MINUTE, type Micros, SECOND } from '../../src/domain/time.ts';
import { emulatedSession, only, runFrames, settingsOf, withCommands } from '../pipelines/market.ts';
import '../support/properties.ts';
import { tally } from '../support/tally.ts';

const RUNS = 3 * Number(process.env['RELIABILITY_RUNS'] ?? 1);
const settings = settingsOf({ seed: 'clocks', spanMinutes: 2, strikes: 2, density: 0.15 });
const { startAt, session, wire } = emulatedSession(settings);
/** Everything is decided and nothing is sent, so that two runs have one account to the end. */
const halted = (frames: readonly Frame[]): readonly Frame[] =>
  withCommands([session, ...frames], [[startAt, 'halt']]);

const iso = (at: Micros): string => new Date(at / MILLISECOND).toISOString();

/** A venue's text with another stamp, whatever its channel calls it. */
const restamped = (text: string, at: Micros): string =>
  text
    .replaceAll(/("(?:timestamp|time|ts|interval_begin)":")[^"]*"/g, `$1${iso(at)}"`)
    .replaceAll(/("(?:ts_ms|source_ts_ms)":|\\"time\\":)\d+/g, `$1${Math.round(at / MILLISECOND)}`);

/** Only what a stamp can be changed in; a snapshot is left, since a broken one is a fault of another kind. */
const isStamped = ({ text }: WireFrame): boolean =>
  /"channel":"(book|trade|ohlc)","type":"update"|"orderbook_delta"|"cfbenchmarks_value|"type":"(ticker|trade)"/.test(
    text,
  );

const clean = wire.filter(({ text }) => text.length > 0);
/** Hostile stamps come in the middle of the run, and stop well before its end. */
const from = startAt + 20 * SECOND;
const until = startAt + 70 * SECOND;
const touched = clean.flatMap((frame, i) =>
  frame.at >= from && frame.at < until && isStamped(frame) ? [i] : [],
);

/** What each contract was last decided, and for which probability. */
const lastOf = (events: readonly AuditEvent[]) =>
  new Map(
    only('decision', events).map(({ ticker, failing, proposal }) => [
      ticker,
      { failing: failing.join(' '), probability: proposal.modelProbability ?? Number.NaN },
    ]),
  );
const agesOf = (events: readonly AuditEvent[]): readonly number[] =>
  only('decision', events).flatMap(({ findings }) =>
    findings.flatMap(({ check, observed }) =>
      check.endsWith('Fresh') && observed !== null ? [observed] : [],
    ),
  );

const hostileStamp = fc.oneof(
  fc.constantFrom(
    Date.parse('2100-01-01T00:00:00Z') * MILLISECOND,
    Date.parse('2250-01-01T00:00:00Z') * MILLISECOND,
    Date.parse('1970-01-02T00:00:00Z') * MILLISECOND,
  ),
  fc.integer({ min: -400 * DAY, max: 400 * DAY }).map((ahead) => startAt + ahead),
  fc.integer({ min: -2 * HOUR, max: 2 * HOUR }).map((ahead) => startAt + ahead),
  fc
    .integer({ min: -90, max: 90 })
    .map((minutes) => Math.floor(startAt / MINUTE) * MINUTE + minutes * MINUTE),
);

const tried = { stamps: 0, clocks: 0 };
const survived = { stamps: 0, clocks: 0 };
afterAll(() => {
  for (const kind of ['stamps', 'clocks'] as const)
    tally({
      kind: kind === 'stamps' ? 'hostile stamps of venues' : 'clocks that are off',
      tried: tried[kind],
      survived: survived[kind],
      lost: tried[kind] - survived[kind],
    });
});

describe('a campaign against clocks', () => {
  test('after any hostile stamps a market is decided as if they had not been, and no age is negative', async () => {
    const expected = lastOf(await runFrames(settings, halted(clean)));
    expect(expected.size).toBeGreaterThan(2);
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.tuple(fc.constantFrom(...touched), hostileStamp), { minLength: 1, maxLength: 40 }),
        async (edits) => {
          tried.stamps += edits.length;
          const stamps = new Map(edits);
          const frames = clean.map((frame, i) => {
            const at = stamps.get(i);
            return at === undefined ? frame : { ...frame, text: restamped(frame.text, at) };
          });
          const events = await runFrames(settings, halted(frames));
          for (const age of agesOf(events)) expect(age).toBeGreaterThanOrEqual(0);
          const last = lastOf(events);
          expect([...last.keys()].sort()).toEqual([...expected.keys()].sort());
          for (const [ticker, { failing, probability }] of last) {
            expect([ticker, failing]).toEqual([ticker, expected.get(ticker)?.failing]);
            expect(Math.abs(probability - (expected.get(ticker)?.probability ?? 0))).toBeLessThan(0.05);
          }
          survived.stamps += edits.length;
        },
      ),
      { numRuns: RUNS },
    );
  });

  test('a clock that is off by more than a second approves nothing, and one that is off by less changes no check', async () => {
    const offset = fc.oneof(
      fc.integer({ min: 1_500, max: 900_000 }),
      fc.integer({ min: -900_000, max: -2_500 }),
    );
    await fc.assert(
      fc.asyncProperty(offset, async (offsetMs) => {
        tried.clocks++;
        const shift = <F extends Frame>(frame: F): F => ({ ...frame, at: frame.at - offsetMs * MILLISECOND });
        const frames = [session, ...clean].map(shift);
        // The first ten seconds may pass before a clock that is ahead is known from stamps.
        const events = await runFrames(settings, frames);
        const approved = only('decision', events).filter(
          ({ verdict, at }) =>
            verdict === 'approved' && (offsetMs > 0 || at > (frames[0]?.at ?? 0) + 20 * SECOND),
        );
        expect(approved).toEqual([]);
        survived.clocks++;
      }),
      { numRuns: RUNS },
    );
    const trades = async (offsetMs: number) =>
      only(
        'decision',
        await runFrames(
          settings,
          [session, ...clean].map((frame) => ({ ...frame, at: frame.at - offsetMs * MILLISECOND })),
        ),
      ).filter(({ verdict }) => verdict === 'approved').length;
    expect(await trades(0)).toBeGreaterThan(0);
    expect(await trades(300)).toBeGreaterThan(0);
  });
});
