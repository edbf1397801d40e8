import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import type { Decision, Finding } from '../../src/domain/events/decision.ts';
import { priceTicks } from '../../src/domain/money.ts';
import { standardChecks } from '../../src/risk/checks.ts';
import { decide } from '../../src/risk/decide.ts';
import { sayFinding, sayWhy } from '../../src/risk/say-why.ts';
import { contextOf } from '../risk/samples.ts';
import { decisionAt } from '../telemetry/samples.ts';

const CHECKS = decide(standardChecks, contextOf()).findings.map(({ check }) => check);
const refusedBy = (findings: readonly Finding[], rest: Partial<Decision> = {}): Decision =>
  ({
    ...decisionAt(
      0,
      findings.map(({ check }) => check),
    ),
    findings,
    ...rest,
  }) as Decision;
const finding = (check: string, observed: number | null, limit: number | null): Finding => ({
  check,
  observed,
  limit,
  headroom: -1,
});
const nothingChanges = { priceTicks: undefined, volatilityFactor: undefined, at: undefined };

describe('sayWhy', () => {
  test('an edge inside its error is told with the price at which it would be bought', () => {
    const findings = [finding('edge', 0.012, 0.019)];
    expect(
      sayWhy(refusedBy(findings, { wouldChange: { ...nothingChanges, priceTicks: priceTicks(3_100) } })),
    ).toBe('edge 1.2 ¢ is inside its error of 1.9 ¢; would buy YES at 31 ¢ or less');
  });

  test('NO is told by what NO costs, and an edge below zero by its sign', () => {
    const { proposal } = decisionAt(0, []);
    const decision = refusedBy([finding('edge', -0.004, 0.019), finding('orderSize', null, 2_500)], {
      proposal: { ...proposal, side: 'ask' },
      wouldChange: { ...nothingChanges, priceTicks: priceTicks(3_150) },
    });
    expect(sayWhy(decision)).toBe('no edge: −0.4 ¢ after the fee; would buy NO at 68.5 ¢ or less');
  });

  test('a price is promised only where the edge alone is lacking, and a time where time is', () => {
    const findings = [finding('spread', 900, 600), finding('edge', 0.012, 0.019)];
    const at = Date.parse('2026-05-11T14:05:09Z') * 1000;
    const said = sayWhy(
      refusedBy(findings, { wouldChange: { ...nothingChanges, priceTicks: priceTicks(3_100), at } }),
    );
    expect(said).toBe('spread 9 ¢, more than 6 ¢; not before 14:05:09');
  });

  test('reasons that can be measured follow by name, three at most', () => {
    const findings = ['warm', 'spread', 'bookFresh', 'cooldown'].map((check) => finding(check, 1, 2));
    expect(sayWhy(refusedBy(findings))).toBe('1 of 2 minutes of history; also spread, book fresh …');
  });

  test('property: every standard check has words of its own, in one line, whatever was measured', () => {
    const known = fc.option(fc.double({ min: -1e9, max: 1e9, noNaN: true }), { nil: null });
    fc.assert(
      fc.property(fc.constantFrom(...CHECKS), known, known, (check, observed, limit) => {
        const said = sayWhy(refusedBy([finding(check, observed, limit)]));
        expect(said).not.toMatch(/NaN|null|undefined|\n/);
        expect([`${check} is not known`, `${check} ${observed}, limit ${limit ?? '–'}`]).not.toContain(said);
      }),
    );
  });

  test('a check that has no words is told by its numbers', () => {
    expect(sayWhy(refusedBy([finding('brandNew', 3, 2)]))).toBe('brandNew 3, limit 2');
    expect(sayWhy(refusedBy([finding('brandNew', null, 2)]))).toBe('brandNew is not known');
  });

  test('a finding that holds is told with what was measured and its limit', () => {
    expect(sayFinding({ check: 'spread', observed: 200, limit: 600, headroom: 400 })).toBe(
      'spread 2 ¢, limit 6 ¢',
    );
    expect(sayFinding({ check: 'dayLoss', observed: 12.5, limit: 100, headroom: 87.5 })).toBe(
      'worst of the day $12.50, limit $100.00',
    );
    expect(sayFinding({ check: 'killSwitch', observed: 0, limit: 0, headroom: 0 })).toBe('holds');
  });

  test('property: a finding that refuses is told as in the decision’s sentence, with its note', () => {
    fc.assert(
      fc.property(
        fc.constantFrom(...CHECKS),
        fc.option(fc.double({ noNaN: true, min: -1e6, max: 1e6 })),
        (check, observed) => {
          const refused = finding(check, observed, 5);
          expect(sayFinding(refused)).toBe(sayWhy(refusedBy([refused])).split('; ')[0]);
          expect(sayFinding({ ...refused, note: 'why' })).toBe(`${sayFinding(refused)} (why)`);
          const holds = sayFinding({ ...refused, headroom: 1 });
          expect(holds).not.toMatch(/undefined|NaN|null/);
          expect(holds).not.toBe(sayFinding(refused));
        },
      ),
    );
  });
});
