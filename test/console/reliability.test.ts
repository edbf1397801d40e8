import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { RELIABILITY_LEAD, reliability } from '../../src/console/reliability.ts';
import { CLOSE_AT } from '../portfolio/samples.ts';
import '../support/properties.ts';
import { decisionAt } from '../telemetry/samples.ts';

const said = (ticker: string, probability: number | null, at: number) => {
  const decision = decisionAt(at, ['edge']);
  return { ...decision, ticker, proposal: { ...decision.proposal, probability } };
};

describe('reliability', () => {
  test('property: each contract counts once, in the decile of what was said last in time', () => {
    const contract = fc.record({
      early: fc.double({ min: 0, max: 1, noNaN: true }),
      last: fc.double({ min: 0, max: 1, noNaN: true }),
      late: fc.double({ min: 0, max: 1, noNaN: true }),
      yes: fc.boolean(),
    });
    fc.assert(
      fc.property(fc.array(contract, { maxLength: 60 }), (contracts) => {
        const bins = reliability();
        contracts.forEach(({ early, last, late, yes }, i) => {
          bins.decided(said(`T${i}`, early, CLOSE_AT - RELIABILITY_LEAD - 2), CLOSE_AT);
          bins.decided(said(`T${i}`, last, CLOSE_AT - RELIABILITY_LEAD), CLOSE_AT);
          bins.decided(said(`T${i}`, late, CLOSE_AT - RELIABILITY_LEAD + 1), CLOSE_AT);
          bins.settled(`T${i}`, yes ? 'yes' : 'no');
          bins.settled(`T${i}`, yes ? 'no' : 'yes');
        });
        const read = bins.read() ?? [];
        for (let decile = 0; decile < 10; decile++) {
          const own = contracts.filter(({ last }) => Math.min(9, Math.floor(last * 10)) === decile);
          const bin = read.find(({ from }) => from === decile / 10);
          expect(bin?.count ?? 0).toBe(own.length);
          if (!bin) continue;
          expect(bin.meanProbability).toBeCloseTo(
            own.reduce((sum, { last }) => sum + last, 0) / own.length,
            9,
          );
          expect(bin.shareYes).toBeCloseTo(own.filter(({ yes }) => yes).length / own.length, 9);
        }
      }),
      { numRuns: 50 },
    );
  });

  test('a contract without terms, or of which only the end was seen, does not count', () => {
    const bins = reliability();
    bins.decided(said('A', 0.4, CLOSE_AT - 2 * RELIABILITY_LEAD), undefined);
    bins.decided(said('B', 0.4, CLOSE_AT - 1), CLOSE_AT);
    bins.decided(said('C', null, CLOSE_AT - 2 * RELIABILITY_LEAD), CLOSE_AT);
    for (const ticker of ['A', 'B', 'C']) bins.settled(ticker, 'yes');
    expect(bins.read()).toBeUndefined();
  });
});
