import { describe, expect, test } from '@jest/globals';
import { type Concluded, conclude } from '../../../src/research/report/conclude.ts';

const point = (total: number, low: number | null, high: number | null, blocks = 5) => [
  { at: 0, total, low, high, blocks },
];
const said = (of: Partial<Concluded> = {}): string =>
  conclude({
    mark: '',
    end: 'finished',
    equity: [],
    fills: 10,
    openFills: 0,
    closes: 8,
    deflated: { sharpe: 1, hours: 5, trials: 7, allTrials: 9, luck: 0.5, deflated: 0.97, doubt: undefined },
    score: 'not yet: 8 closes',
    ...of,
  });

describe('conclude', () => {
  test('without a settled fill, or with too few hours, nothing is concluded about profit', () => {
    expect(said({ fills: 0 })).toContain('nothing was traded');
    expect(said()).toContain('none of 10 fills has settled');
    expect(said({ equity: point(3, null, null, 1), openFills: 2 })).toContain(
      'Nothing can be concluded about profit: $3.00 over 8 closes in 1 hour are too few for an interval; 2 fills not settled and not counted.',
    );
  });

  test('an interval below zero is a loss, one around zero is neither, and one above is a profit only beyond luck', () => {
    expect(said({ equity: point(-3, -5, -1) })).toContain('A loss is shown: −$3.00');
    expect(said({ equity: point(1, -2, 4) })).toContain('Neither profit nor loss is shown');
    expect(said({ equity: point(4, 1, 7) })).toContain('more than luck gives the best of 7 trials');
    const deflated = { sharpe: 1, hours: 5, trials: 7, allTrials: 9, luck: 0.5, doubt: 'a line is gone' };
    expect(said({ equity: point(4, 1, 7), deflated: { ...deflated, deflated: 0.6 } })).toContain(
      'No profit is shown beyond luck: $4.00 over 8 closes in 5 hours, 95 % interval $1.00 to $7.00, but the best of at least 7 trials',
    );
    expect(said({ equity: point(4, 1, 7), deflated: { ...deflated, deflated: null } })).toContain(
      'not known',
    );
  });

  test('an emulated market and a run without an end are said first, and the market’s answer last', () => {
    expect(said({ mark: 'SIMULATED' })).toMatch(/^This market was emulated/);
    expect(said({ end: 'killed' })).toMatch(/^The run was killed/);
    expect(said()).toMatch(/Is the model better than the market\? Not yet: 8 closes\.$/);
    expect(said({ score: undefined })).toContain('cannot be said');
  });
});
