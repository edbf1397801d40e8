import { describe, expect, test } from '@jest/globals';
import { MILLISECOND, MINUTE } from '../../../src/domain/time.ts';
import { type EmulatorSettings, emulatorSettings } from '../../../src/emulator/settings.ts';
import { emulatedWorld, type WorldStep } from '../../../src/emulator/world/world.ts';
import { BTC } from '../../support/assets.ts';
import { forbidWallClock } from '../../support/no-wall-clock.ts';
import { emulatedBtc } from '../assets.ts';

const SETTINGS = emulatorSettings.parse({
  startAt: '2026-06-01T13:44:00Z',
  historyMinutes: 30,
  strikes: 2,
});
const STEP = 100 * MILLISECOND;
/** Ninety seconds, with a quarter's close in them. */
const STEPS = 900;

const take = (settings: Partial<EmulatorSettings> = {}, count = STEPS): readonly WorldStep[] => {
  const steps = emulatedWorld({ ...SETTINGS, ...settings }, [BTC]).steps();
  return Array.from({ length: count + 1 }, () => steps.next().value as WorldStep);
};
const krakenOf = (steps: readonly WorldStep[]) => steps.flatMap(({ kraken }) => kraken);
const kalshiOf = (steps: readonly WorldStep[]) => steps.flatMap(({ kalshi }) => kalshi);

describe('emulatedWorld', () => {
  forbidWallClock();
  const steps = take();

  test('steps follow each other by a tenth of a second, the first one ending where the session starts', () => {
    const { startAt } = emulatedWorld(SETTINGS, [BTC]);
    expect(startAt).toBe(Date.parse(SETTINGS.startAt) * MILLISECOND);
    expect(steps.map(({ to }) => to)).toEqual(steps.map((_, i) => startAt + i * STEP));
  });

  test('what is said in a step is said within it, each venue in order', () => {
    for (const { to, kraken, kalshi } of steps.slice(1))
      for (const said of [kraken, kalshi]) {
        expect(said.filter(({ at }) => at < to - STEP || at >= to)).toEqual([]);
        expect(said.filter(({ at }, i) => at < (said[i - 1]?.at ?? 0))).toEqual([]);
      }
    expect(krakenOf(steps.slice(1)).length).toBeGreaterThan(1_000);
    expect(kalshiOf(steps.slice(1)).length).toBeGreaterThan(1_000);
  });

  test('the first step opens both markets with whole books, before the session starts', () => {
    const [{ to, kraken, kalshi }] = steps as [WorldStep];
    expect(kraken.filter((said) => said.kind === 'book' && said.snapshot)).toHaveLength(1);
    expect(kalshi.filter(({ kind }) => kind === 'snapshot').length).toBeGreaterThan(4);
    expect([...kraken, ...kalshi].every(({ at }) => at < to)).toBe(true);
  });

  test('the history is of closed minutes and ends where the session starts, at its price', () => {
    const { history: all, startAt } = emulatedWorld(SETTINGS, [BTC]);
    const history = all[0]?.bars ?? [];
    expect(history.map(({ openAt }) => openAt)).toEqual(
      Array.from(
        { length: SETTINGS.historyMinutes },
        (_, i) => startAt + (i - SETTINGS.historyMinutes) * MINUTE,
      ),
    );
    expect(history.at(-1)?.close).toBeCloseTo(emulatedBtc.startDollars, 0);
    const [first] = kalshiOf(steps).flatMap((said) => (said.kind === 'print' ? [said.index.valueUnits] : []));
    expect(Math.abs((first ?? 0) / 100 / emulatedBtc.startDollars - 1)).toBeLessThan(1e-3);
  });

  test('the same settings give the same world, another seed another one', () => {
    expect(take({}, 50)).toEqual(steps.slice(0, 51));
    expect(take({ seed: 'another' }, 50)).not.toEqual(steps.slice(0, 51));
  });

  test('what one venue shows leaves the other as it was', () => {
    const deeper = take({ krakenDepth: 25 }, 100);
    expect(kalshiOf(deeper)).toEqual(kalshiOf(steps.slice(0, 101)));
    expect(krakenOf(deeper)).not.toEqual(krakenOf(steps.slice(0, 101)));
    const wider = take({ strikes: 4 }, 100);
    expect(krakenOf(wider)).toEqual(krakenOf(steps.slice(0, 101)));
    expect(kalshiOf(wider)).not.toEqual(kalshiOf(steps.slice(0, 101)));
  });

  test('a quarter-hour that closes is determined by the prints of its last minute, and followed by the next', () => {
    const said = kalshiOf(steps);
    const closeAt = Date.parse('2026-06-01T13:45:00Z') * MILLISECOND;
    const prints = said.flatMap((each) =>
      each.kind === 'print' && each.second < closeAt / 1e6 ? [each.index.valueUnits] : [],
    );
    expect(prints).toHaveLength(60);
    const mean = Math.floor((2 * prints.reduce((sum, cents) => sum + cents, 0) + 60) / 120);
    const quarter = said.filter((each) => 'contract' in each && each.contract.series === 'KXBTC15M');
    expect(quarter).toContainEqual(
      expect.objectContaining({
        kind: 'determined',
        valueUnits: mean,
        contract: expect.objectContaining({ closeAt }),
      }),
    );
    expect(quarter).toContainEqual(
      expect.objectContaining({
        kind: 'metadata',
        contract: expect.objectContaining({ openAt: closeAt, floorUnits: mean }),
      }),
    );
  });
});
