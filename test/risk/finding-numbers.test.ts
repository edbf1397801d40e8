import { readFileSync } from 'node:fs';
import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { takeAllowed } from '../../src/risk/checks/take-allowed.ts';
import { standardChecks } from '../../src/risk/checks.ts';
import { CHECK_UNITS, findingNumbers } from '../../src/risk/finding-numbers.ts';
import { quoteChecks } from '../../src/risk/quote-checks.ts';
import { contextOf } from './samples.ts';

/** What docs/files.md calls each unit. */
const TITLES: Readonly<Record<string, string>> = {
  micros: 'µs',
  dollars: 'dollars',
  ticks: 'ticks',
  counts: 'counts',
  perYear: 'share a year',
  share: 'share',
  minutes: 'minutes',
  basisPoints: 'basis points',
  flag: '1 if it refuses',
  many: 'how many',
};

describe('the numbers of a check in words', () => {
  test('have the unit that docs/files.md names, for every check there is', () => {
    const checks = [
      ...new Set([...standardChecks, ...quoteChecks, takeAllowed].map((check) => check(contextOf()).check)),
    ];
    expect(Object.keys(CHECK_UNITS).sort()).toEqual([...checks].sort());
    const table =
      readFileSync('docs/files.md', 'utf8').split('Units of findings:')[1]?.split('\n## ')[0] ?? '';
    const documented = table.split('\n').flatMap((row) => {
      const [, names = '', unit = ''] = row.split('|');
      return [...names.matchAll(/`(\w+)`/g)].map(([, check]) => [check, unit.trim()] as const);
    });
    expect(documented.length).toBe(checks.length);
    for (const [check, unit] of documented)
      expect([check, TITLES[CHECK_UNITS[check ?? ''] ?? '']]).toEqual([check, unit]);
  });

  test('say how far a refusing check was from passing, and nothing where it could not measure', () => {
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 5000 }), fc.integer({ min: 0, max: 5000 }), (observed, limit) => {
        const text = findingNumbers({ check: 'spread', observed, limit, headroom: limit - observed });
        const cents = (ticks: number): string => `${Number((ticks / 100).toFixed(2))} ¢`;
        expect(text).toBe(
          `found ${cents(observed)}, limit ${cents(limit)}, ${observed > limit ? `${cents(observed - limit)} from passing` : `${cents(limit - observed)} to spare`}`,
        );
      }),
    );
    expect(findingNumbers({ check: 'spread', observed: null, limit: 5, headroom: null })).toBe('');
    expect(findingNumbers({ check: 'killSwitch', observed: 1, limit: 0, headroom: -1 })).toBe('');
    expect(findingNumbers({ check: 'edge', observed: -0.0205, limit: 0, headroom: -0.0205 })).toBe(
      'found −2.05 ¢, limit 0 ¢, 2.05 ¢ from passing',
    );
  });
});
