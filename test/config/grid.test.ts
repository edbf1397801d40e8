import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { parseGrid } from '../../src/config/grid.ts';
import { settingsSchema } from '../../src/config/settings.ts';
import '../support/properties.ts';

const base = settingsSchema.parse({ label: 'base', risk: { spreadMaxTicks: 77 } });
const pointsOf = (raw: unknown) => {
  const grid = parseGrid('g.yaml', JSON.stringify(raw), base);
  if (grid.kind === 'configProblem') throw new Error(grid.why);
  return grid.points;
};
const whyNot = (text: string): string => {
  const grid = parseGrid('g.yaml', text, base);
  return grid.kind === 'configProblem' ? grid.why : '';
};

describe('parseGrid', () => {
  test('property: keys with lists are every choice of one value each, nested or dotted, and all else stays as it was', () => {
    const values = (least: number) =>
      fc.uniqueArray(fc.integer({ min: 1, max: 999 }), { minLength: least, maxLength: 4 });
    fc.assert(
      fc.property(values(1), values(1), fc.boolean(), (ages, counts, dotted) => {
        const points = pointsOf(
          dotted
            ? { 'risk.bookMaxAgeMicros': ages, 'pricing.sizing.maxOrderCount': counts }
            : { risk: { bookMaxAgeMicros: ages }, pricing: { sizing: { maxOrderCount: counts } } },
        );
        expect(
          points.map(({ settings: { risk, pricing } }) => [
            risk.bookMaxAgeMicros,
            pricing.sizing.maxOrderCount,
          ]),
        ).toEqual(ages.flatMap((age) => counts.map((count) => [age, count])));
        for (const { settings, values: told } of points) {
          const { risk, pricing } = settings;
          expect(told).toEqual({
            'risk.bookMaxAgeMicros': risk.bookMaxAgeMicros,
            'pricing.sizing.maxOrderCount': pricing.sizing.maxOrderCount,
          });
          expect(settings).toEqual({
            ...base,
            risk: { ...base.risk, bookMaxAgeMicros: risk.bookMaxAgeMicros },
            pricing: {
              ...base.pricing,
              sizing: { ...base.pricing.sizing, maxOrderCount: pricing.sizing.maxOrderCount },
            },
          });
        }
      }),
      { numRuns: 20 },
    );
  });

  test('a list is one point an entry', () => {
    const points = pointsOf([{ risk: { spreadMaxTicks: 5 } }, {}, { 'execution.member': 'nonDirect' }]);
    expect(points.map(({ values }) => values)).toEqual([
      { 'risk.spreadMaxTicks': 5 },
      {},
      { 'execution.member': 'nonDirect' },
    ]);
    expect(points.map(({ settings }) => settings.risk.spreadMaxTicks)).toEqual([5, 77, 77]);
  });

  test('what belongs to the market that all desks share is refused by its name', () => {
    for (const key of [
      'pricing.twin.basisPrints',
      'forecast.models',
      'assets',
      'execution.orders',
      'label',
      'risk',
    ])
      expect(whyNot(JSON.stringify({ [key]: [1] }))).toBe(
        `g.yaml: point 1: ${key} is no setting of the desk; set it in --config, for all points`,
      );
  });

  test('a value that cannot be is told with its point and its key', () => {
    expect(whyNot('risk.spreadMaxTicks: [5, none]')).toMatch(/^g\.yaml: point 2: risk\.spreadMaxTicks: /);
    expect(whyNot('risk.spreadMax: [5]')).toMatch(/^g\.yaml: point 1: risk: .*spreadMax/);
  });

  test('text that is no grid, none or too many points are refused, and no key reaches a prototype', () => {
    expect(whyNot('a: [')).toBe('g.yaml: this is no YAML');
    for (const text of ['7', 'null', '[1]'])
      expect(whyNot(text)).toBe('g.yaml: must be a list of settings, or keys with a list of values each');
    expect(whyNot('[]')).toBe('g.yaml: must have 1 to 10000 points, was 0');
    const many = JSON.stringify(Array.from({ length: 101 }, (_, i) => i));
    expect(whyNot(`{"risk.spreadMaxTicks": ${many}, "risk.midCollarTicks": ${many}}`)).toBe(
      'g.yaml: must have at most 10000 points, was 10201',
    );
    expect(whyNot('risk.__proto__.polluted: [1]')).not.toBe('');
    expect(Reflect.get({}, 'polluted')).toBeUndefined();
  });
});
