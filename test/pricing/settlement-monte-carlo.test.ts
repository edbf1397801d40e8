import { describe, expect, test } from '@jest/globals';
import type { Contract } from '../../src/domain/contracts.ts';
import type { VariancePath } from '../../src/domain/events/forecast.ts';
import { SECOND } from '../../src/domain/time.ts';
import { normalCdf } from '../../src/maths/normal.ts';
import { varianceBetween } from '../../src/maths/variance-between.ts';
import { closeMoments } from '../../src/pricing/close-moments.ts';
import { quarterMoments } from '../../src/pricing/quarter-moments.ts';
import { pricingSettings } from '../../src/pricing/settings.ts';
import { probabilityOf } from '../../src/pricing/settlement.ts';
import { random } from '../support/random.ts';
import {
  CLOSE_AT,
  constantPath,
  contractOf,
  inputAt,
  lawOf,
  minutePath,
  printsFrom,
  SIGMA2,
  SPOT_CENTS,
} from './worlds.ts';

// Jest looks globals up through its sandbox, fifty times slower than a module's own names.
const { exp, floor: floorOf, sqrt } = Math;
const NONE = Number.NaN;

const { law } = pricingSettings.parse({});

/** A wandering record of prints, ending at `last`. */
function wander(count: number, last: number, seed: number): readonly number[] {
  const chance = random(seed);
  const prints = [last];
  while (prints.length < count)
    prints.unshift(Math.round((prints[0] ?? last) * (1 + 8e-5 * chance.normal())));
  return prints;
}

/** The contract's own words, on a settlement value in whole cents: the oracle of the comparison and of the rounding. */
function says({ strikeType, floorUnits = NONE, capUnits = NONE }: Contract, value: number): boolean {
  switch (strikeType) {
    case 'greater':
      return value > floorUnits;
    case 'greater_or_equal':
      return value >= floorUnits;
    case 'less':
      return value < capUnits;
    case 'less_or_equal':
      return value <= capUnits;
    case 'between':
      return value >= floorUnits && value <= capUnits;
  }
}

/**
 * Frequencies of YES over simulated paths of the index, print by print, and the same with a control variate: the event that the geometric
 * mean of the prints to come is on the same side, whose probability follows from the weight of each step.
 */
function simulate(options: {
  readonly contracts: readonly Contract[];
  readonly tauSeconds: number;
  readonly seen: readonly number[];
  readonly path: VariancePath;
  readonly spot: number;
  readonly paths: number;
}) {
  const { contracts, tauSeconds, seen, path, spot, paths } = options;
  const chance = random(20_260_925 + tauSeconds);
  const seenSum = seen.reduce((total, cents) => total + cents, 0);
  const n = 60 - seen.length;
  const baseAt = CLOSE_AT - tauSeconds * SECOND;
  const times = Array.from({ length: n }, (_, i) => CLOSE_AT - (n - i) * SECOND);
  const deviations = times.map((at, i) => sqrt(varianceBetween(path, times[i - 1] ?? baseAt, at)));
  // The step before print i moves the means of the n−i prints from it on.
  const logVariance = deviations.reduce((total, deviation, i) => total + (deviation * ((n - i) / n)) ** 2, 0);
  const logDrift =
    -0.5 * deviations.reduce((total, deviation, i) => total + deviation ** 2 * ((n - i) / n), 0);

  const plain = contracts.map(() => 0);
  const controlled = contracts.map(() => 0);
  for (let p = 0; p < paths; p++) {
    let log = 0;
    let sum = 0;
    let logs = 0;
    for (const deviation of deviations) {
      log += deviation * chance.normal() - 0.5 * deviation * deviation;
      logs += log;
      sum += exp(log);
    }
    const value = floorOf((seenSum + spot * sum) / 60 + 0.5);
    const geometric = floorOf((seenSum + n * spot * exp(logs / n)) / 60 + 0.5);
    contracts.forEach((contract, k) => {
      const yes = says(contract, value) ? 1 : 0;
      plain[k] = (plain[k] ?? 0) + yes / paths;
      controlled[k] = (controlled[k] ?? 0) + (yes - (says(contract, geometric) ? 1 : 0)) / paths;
    });
  }
  const atLeast = (cents: number): number => {
    const needed = (60 * cents - 30 - seenSum) / (n * spot);
    return needed <= 0 ? 1 : normalCdf((logDrift - Math.log(needed)) / sqrt(logVariance));
  };
  const geometricLaw = ({ strikeType, floorUnits = NONE, capUnits = NONE }: Contract): number => {
    switch (strikeType) {
      case 'greater':
        return atLeast(floorUnits + 1);
      case 'greater_or_equal':
        return atLeast(floorUnits);
      case 'less':
        return 1 - atLeast(capUnits);
      case 'less_or_equal':
        return 1 - atLeast(capUnits + 1);
      case 'between':
        return atLeast(floorUnits) - atLeast(capUnits + 1);
    }
  };
  return contracts.map((contract, k) => ({
    plain: plain[k] ?? NONE,
    controlled: (controlled[k] ?? NONE) + geometricLaw(contract),
  }));
}

const strikesAround = (centre: number, sdCents: number): readonly Contract[] => {
  const cents = (z: number): number => Math.round(centre + z * sdCents);
  return [
    contractOf({ strikeType: 'greater', floorUnits: cents(0.6) }),
    contractOf({ strikeType: 'greater', floorUnits: cents(-1.2) }),
    contractOf({ strikeType: 'greater_or_equal', floorUnits: cents(0) }),
    contractOf({ strikeType: 'less', capUnits: cents(-0.4) }),
    contractOf({ strikeType: 'less_or_equal', capUnits: cents(1) }),
    contractOf({ strikeType: 'between', floorUnits: cents(-0.5), capUnits: cents(0.7) - 1 }),
  ];
};

/** The law beside the simulation; prints' own rounding to a cent is no part of either. */
function compare(tauSeconds: number, path: VariancePath, strikes: 'wide' | 'cents', paths: number) {
  const seenCount = Math.max(0, 60 - tauSeconds + 1);
  const seen = wander(Math.min(60, seenCount), SPOT_CENTS, 7);
  const prints = printsFrom(CLOSE_AT - 60 * SECOND, seen);
  // At exactly 60 s the first print of the window is the base itself.
  const input = inputAt(tauSeconds, { path, prints: seenCount > 0 ? prints : inputAt(tauSeconds).prints });
  const moments = closeMoments(input, law);
  if (moments.kind !== 'open')
    throw new Error(`monte carlo: expected an open close, was ${JSON.stringify(moments)}`);
  const centre = (moments.seenUnits + moments.remaining * moments.centreUnits) / 60;
  const sdCents = strikes === 'cents' ? 1 : (SPOT_CENTS * moments.sdLog * moments.remaining) / 60;
  const contracts = strikesAround(centre, sdCents);
  const simulated = simulate({
    contracts,
    tauSeconds,
    seen: seenCount > 0 ? seen : [],
    path,
    spot: SPOT_CENTS,
    paths,
  });
  return contracts.map((contract, k) => {
    const priced = probabilityOf(contract, moments);
    return {
      strikeType: contract.strikeType,
      probability: priced.kind === 'priced' ? priced.probability : NONE,
      plain: simulated[k]?.plain ?? NONE,
      controlled: simulated[k]?.controlled ?? NONE,
    };
  });
}

describe('the settlement law against simulated prints', () => {
  test.each([7200, 900, 300, 90, 60, 30, 15])(
    'holds to 1e-3 for every strike type %d s before the close',
    (tau) => {
      const paths = 100_000;
      for (const row of compare(tau, constantPath(4 * SIGMA2), 'wide', paths)) {
        expect({ ...row, ok: Math.abs(row.probability - row.controlled) < 1e-3 }).toMatchObject({ ok: true });
        const noise = sqrt((row.plain * (1 - row.plain)) / paths);
        expect({ ...row, ok: Math.abs(row.probability - row.plain) < 4.5 * noise + 2e-4 }).toMatchObject({
          ok: true,
        });
      }
    },
  );

  test.each([900, 90, 40])(
    'holds where the variance changes from minute to minute, %d s before the close',
    (tau) => {
      const path = minutePath((minute) => SIGMA2 * (1 + 3 * (minute % 3)));
      for (const row of compare(tau, path, 'wide', 100_000))
        expect({ ...row, ok: Math.abs(row.probability - row.controlled) < 1e-3 }).toMatchObject({ ok: true });
    },
  );

  test('holds to the half cent where the mean moves by cents only', () => {
    // The mean to come has a deviation of about a cent, so a missing half cent would show as some 20 %.
    for (const row of compare(20, constantPath(SIGMA2 / 5e5), 'cents', 200_000))
      expect({ ...row, ok: Math.abs(row.probability - row.controlled) < 1e-3 }).toMatchObject({ ok: true });
  });
});

describe('the law of a quarter-hour whose floor is still open, against simulated prints', () => {
  /** Frequency of round(V) ≥ round(floor) over both windows, print by print. */
  function simulatePair(
    leadSeconds: number,
    floorSeen: readonly number[],
    paths: number,
    sigma2: number,
  ): number {
    const chance = random(99 + leadSeconds);
    const floorTimes = Array.from(
      { length: 60 - floorSeen.length },
      (_, i) => leadSeconds - (60 - floorSeen.length) + i,
    );
    const valueTimes = Array.from({ length: 60 }, (_, i) => leadSeconds + 900 - 60 + i);
    const floorSum = floorSeen.reduce((total, cents) => total + cents, 0);
    let yes = 0;
    for (let p = 0; p < paths; p++) {
      let log = 0;
      let at = 0;
      const printAt = (time: number): number => {
        log += sqrt(sigma2 * (time - at)) * chance.normal() - 0.5 * sigma2 * (time - at);
        at = time;
        return SPOT_CENTS * exp(log);
      };
      let floor = floorSum;
      for (const time of floorTimes) floor += printAt(time);
      let value = 0;
      for (const time of valueTimes) value += printAt(time);
      if (floorOf(value / 60 + 0.5) >= floorOf(floor / 60 + 0.5)) yes++;
    }
    return yes / paths;
  }

  test.each([
    [600, 0],
    [70, 0],
    [40, 21],
    [20, 41],
  ])('holds %d s before its floor closes, with %d of the floor’s prints seen', (lead, seenCount) => {
    const sigma2 = 4 * SIGMA2;
    const paths = 120_000;
    // The prints seen lie well above the index as it stands, so that the probability is far from a half.
    const seen = wander(seenCount, SPOT_CENTS, 3).map((cents, i) =>
      i < seenCount - 1 ? cents + 20_000 : cents,
    );
    const prints = printsFrom(CLOSE_AT - 960 * SECOND, seen);
    const input = inputAt(900 + lead, { path: constantPath(sigma2), prints });
    const price = probabilityOf(contractOf({ strikeType: 'greater_or_equal' }), quarterMoments(input, law));
    const simulated = simulatePair(lead, seen, paths, sigma2);
    const noise = sqrt((simulated * (1 - simulated)) / paths);
    expect(price).toMatchObject({ kind: 'priced' });
    const probability = price.kind === 'priced' ? price.probability : NONE;
    expect(Math.abs(probability - simulated)).toBeLessThan(3 * noise + 3e-4);
    if (seenCount > 0) expect(probability).toBeLessThan(0.47);
  });
});

describe('the settlement law with fat tails', () => {
  test.each([
    [900, 4.5, 0.72],
    [300, 3.6, 0.68],
    [60, 3.3, 0.6],
    [30, 2.4, 0.5],
  ])('equals direct sampling of its own t law %d s before the close (ν %d)', (tau, nu, scale) => {
    const seen = wander(Math.max(0, 60 - tau + 1), SPOT_CENTS, 11);
    const prints = printsFrom(CLOSE_AT - 60 * SECOND, seen);
    const moments = closeMoments(inputAt(tau, { prints, tails: lawOf(nu, scale) }), law);
    if (moments.kind !== 'open') throw new Error('monte carlo: expected an open close');
    const centre = (moments.seenUnits + moments.remaining * moments.centreUnits) / 60;
    const contracts = strikesAround(centre, (SPOT_CENTS * moments.sdLog * moments.remaining) / 60);
    const chance = random(5 + tau);
    const samples = 400_000;
    const hits = contracts.map(() => 0);
    for (let i = 0; i < samples; i++) {
      const mean = moments.centreUnits * exp(moments.sdLog * scale * chance.studentT(nu));
      const value = floorOf((moments.seenUnits + moments.remaining * mean) / 60 + 0.5);
      contracts.forEach((contract, k) => {
        if (says(contract, value)) hits[k] = (hits[k] ?? 0) + 1;
      });
    }
    contracts.forEach((contract, k) => {
      const priced = probabilityOf(contract, moments);
      const frequency = (hits[k] ?? 0) / samples;
      const noise = sqrt((frequency * (1 - frequency)) / samples);
      expect(Math.abs((priced.kind === 'priced' ? priced.probability : NONE) - frequency)).toBeLessThan(
        3.5 * noise + 1e-4,
      );
    });
  });
});
