import { describe, expect, test } from '@jest/globals';
import { MILLISECOND } from '../../../src/domain/time.ts';
import type { Situation } from '../../../src/execution/desk/assess.ts';
import { closesNow } from '../../../src/execution/desk/closes-now.ts';
import {
  type CloseMoments,
  closeMoments,
  type OpenMoments,
  sameLaw,
} from '../../../src/pricing/close-moments.ts';
import { pricingSettings } from '../../../src/pricing/settings.ts';
import { riskSettings } from '../../../src/risk/settings.ts';
import { CLOSE_AT, inputAt, lawOf } from '../../pricing/worlds.ts';

const pricing = pricingSettings.parse({});
const open = (): OpenMoments =>
  closeMoments(inputAt(900, { tails: lawOf(4, 0.7) }), pricing.law) as OpenMoments;

describe('sameLaw', () => {
  test('two laws found from the same inputs are the same, and a law with any other number is another', () => {
    const law = open();
    expect(sameLaw(law, open())).toBe(true);
    // `sdLog` is made of the two variances.
    const numbers = Object.keys(law).filter((key) => !['kind', 'law', 'sdLog'].includes(key));
    expect(numbers).toHaveLength(10);
    for (const key of numbers) expect(sameLaw(law, { ...law, [key]: 1 } as OpenMoments)).toBe(false);
    expect(sameLaw(law, { ...law, law: { ...law.law, nu: 5 } })).toBe(false);
  });

  test('settled and unpriced laws are compared by what they say', () => {
    const settled: CloseMoments = {
      kind: 'settled',
      closeAt: CLOSE_AT,
      valueUnits: 9,
      sumUnits: 540,
      floorUnits: 1,
    };
    const unpriced: CloseMoments = { kind: 'unpriced', why: 'noIndex' };
    expect(sameLaw(settled, { ...settled })).toBe(true);
    expect(sameLaw(unpriced, { ...unpriced })).toBe(true);
    for (const key of ['closeAt', 'valueUnits', 'sumUnits', 'floorUnits'])
      expect(sameLaw(settled, { ...settled, [key]: 2 })).toBe(false);
    expect(sameLaw(unpriced, { ...unpriced, why: 'noStrike' })).toBe(false);
    for (const other of [settled, unpriced]) {
      expect(sameLaw(open(), other)).toBe(false);
      expect(sameLaw(other, open())).toBe(false);
    }
    expect(sameLaw(settled, unpriced)).toBe(false);
    expect(sameLaw(unpriced, settled)).toBe(false);
  });
});

describe('closesNow', () => {
  const situationAt = (tauSeconds: number, value = 84_000, at?: number) => {
    const { index, prints, path, tails, now } = inputAt(tauSeconds, { tails: lawOf(4, 0.7) });
    return {
      now,
      index: index && { ...index, value, at: at ?? index.at },
      prints,
      forecast: { path, tails },
    } as Situation;
  };
  const closes = () =>
    closesNow({ slots: new Map(), limits: riskSettings.parse({}), member: 'direct' }, pricing.law);

  test('the law of a close is kept while time passes and is another once the index has moved', () => {
    const at = closes();
    const first = at(situationAt(900))(CLOSE_AT);
    const indexAt = CLOSE_AT - 900_000 * MILLISECOND;
    expect(at(situationAt(899, 84_000, indexAt))(CLOSE_AT)).toBe(first);
    const moved = at(situationAt(899, 84_001, indexAt))(CLOSE_AT);
    expect(moved).not.toBe(first);
    expect(moved.law).not.toEqual(first.law);
  });

  test('each close has its own law, and one that has passed is forgotten', () => {
    const at = closes();
    const now = at(situationAt(900));
    const [near, far] = [now(CLOSE_AT), now(CLOSE_AT + 900_000 * MILLISECOND)];
    expect(near.law).not.toEqual(far.law);
    expect(now(CLOSE_AT)).toBe(near);
    at(situationAt(-1));
    expect(at(situationAt(900))(CLOSE_AT)).not.toBe(near);
  });
});
