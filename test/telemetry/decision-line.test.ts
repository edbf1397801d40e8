import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import type { Decision } from '../../src/domain/events/decision.ts';
import { count, priceTicks } from '../../src/domain/money.ts';
import { decisionLine } from '../../src/telemetry/decision-line.ts';
import { decisionAt } from './samples.ts';

const number = fc.oneof(
  fc.double({ noNaN: true, noDefaultInfinity: true }),
  fc.double({ min: -2, max: 2, noNaN: true }),
  fc.integer(),
  fc.constantFrom(-0, 1e-9, -1e-9, 0.1 + 0.2, 1e21),
);
const known = fc.option(number, { nil: null });
const ticks = fc.option(fc.integer({ min: 1, max: 9_999 }).map(priceTicks), { nil: undefined });
const name = fc.stringMatching(/^[a-z][A-Za-z0-9]{0,15}$/);

const decisions: fc.Arbitrary<Decision> = fc.record({
  kind: fc.constant('decision' as const),
  verdict: fc.constantFrom('approved' as const, 'abstained' as const),
  id: fc.nat(),
  at: fc.integer({ min: 0, max: 2 ** 52 }),
  ticker: fc.string({ minLength: 1 }),
  model: fc.constantFrom('ensemble' as const, 'backbone' as const, 'fallback' as const, undefined),
  bidTicks: ticks,
  askTicks: ticks,
  market: fc.record({
    indexDollars: known,
    volatilityPerYear: known,
    volatilityLowPerYear: known,
    volatilityHighPerYear: known,
    confidence: known,
  }),
  proposal: fc.record({
    ticker: fc.constant('ignored'),
    side: fc.constantFrom('bid' as const, 'ask' as const),
    limitTicks: fc.integer({ min: 0, max: 10_000 }).map(priceTicks),
    count: fc.nat().map(count),
    modelProbability: known,
    probability: known,
    probabilityError: known,
    edgeDollars: known,
    feeDollars: known,
  }),
  findings: fc.array(fc.record({ check: name, observed: known, limit: known, headroom: known }), {
    maxLength: 6,
  }),
  failing: fc.array(name, { maxLength: 4 }),
  wouldChange: fc.option(
    fc.record({
      priceTicks: ticks,
      volatilityFactor: fc.option(number, { nil: undefined }),
      at: fc.option(fc.nat(), { nil: undefined }),
    }),
    { nil: undefined },
  ),
  inputs: fc.stringMatching(/^[0-9a-f]{8}$/),
});

/** The same by `JSON.stringify`: undefined is null. */
const plainly = (decision: Decision): unknown => {
  const {
    id,
    at,
    ticker,
    verdict,
    bidTicks = null,
    askTicks = null,
    market,
    findings,
    failing,
    wouldChange,
    model = null,
    inputs,
  } = decision;
  const { ticker: _, ...proposal } = decision.proposal;
  const changes = wouldChange && {
    priceTicks: wouldChange.priceTicks ?? null,
    volatilityFactor: wouldChange.volatilityFactor ?? null,
    at: wouldChange.at ?? null,
  };
  const whole = {
    id,
    at,
    ticker,
    verdict,
    bidTicks,
    askTicks,
    market,
    proposal,
    failing,
    findings,
    wouldChange: changes,
    model,
    inputs,
  };
  return JSON.parse(JSON.stringify(whole));
};

/** Equal in shape and keys, numbers to half of the eighth decimal and what a double loses. */
const alike = (line: unknown, oracle: unknown): boolean => {
  if (typeof line === 'number' && typeof oracle === 'number')
    return Math.abs(line - oracle) <= 5.001e-9 + Math.abs(oracle) * 1e-15;
  if (typeof line !== 'object' || typeof oracle !== 'object' || line === null || oracle === null)
    return line === oracle;
  const keys = Object.keys(line);
  return (
    keys.join() === Object.keys(oracle).join() &&
    keys.every((key) => alike(line[key as keyof typeof line], oracle[key as keyof typeof oracle]))
  );
};

describe('decisionLine', () => {
  test('property: is one line of JSON that says what JSON.stringify would, in one order of keys, to eight decimals', () => {
    fc.assert(
      fc.property(decisions, (decision) => {
        const line = decisionLine(decision);
        expect(line).not.toMatch(/[\n\r]/);
        const read: unknown = JSON.parse(line);
        if (!alike(read, plainly(decision))) expect(read).toEqual(plainly(decision));
      }),
      { numRuns: 300 },
    );
  });

  test('what is not a number is null, never a word that JSON does not know', () => {
    const line = JSON.parse(decisionLine(decisionAt(0, ['warm'])));
    expect(line.findings[2]).toEqual({ check: 'warm', observed: null, limit: 512, headroom: null });
    expect(line.askTicks).toBeNull();
  });

  test('a decision that nothing would change has no such key, so that logs stay short', () => {
    expect(decisionLine(decisionAt(0, ['edge']))).not.toContain('wouldChange');
  });

  test('property: two prices that differ by a tick never give one line', () => {
    fc.assert(
      fc.property(decisions, fc.integer({ min: 0, max: 9_999 }), (decision, limit) => {
        const at = (ticksOf: number) =>
          decisionLine({ ...decision, proposal: { ...decision.proposal, limitTicks: priceTicks(ticksOf) } });
        expect(at(limit)).not.toBe(at(limit + 1));
      }),
    );
  });
});
