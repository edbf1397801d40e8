import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { abstentionWords } from '../../console/charts/abstention-words.ts';
import { offBins, reliabilityWords } from '../../console/charts/reliability-words.ts';
import { shareInterval } from '../../console/charts/share-interval.ts';
import { stackedChecks } from '../../console/charts/stacked-checks.ts';
import { bandVerdict } from '../../console/panels/band-verdict.ts';
import { checkVerdict } from '../../console/panels/check-verdict.ts';
import { confidenceWords } from '../../console/panels/confidence-words.ts';
import { driftWords } from '../../console/panels/drift-words.ts';
import { anAsset } from '../support/console-made.ts';

const MINUTE = 60_000_000;

describe('stackedChecks', () => {
  const minutes = fc
    .uniqueArray(fc.nat(600), { minLength: 1, maxLength: 60 })
    .map((all) => all.sort((a, b) => a - b));
  const counts = fc.dictionary(fc.constantFrom('a', 'b', 'c', 'd', 'e'), fc.nat(20));
  const points = minutes.chain((all) =>
    fc.tuple(
      ...all.map((minute) => counts.map((byCheck) => ({ at: minute * MINUTE, approved: 0, byCheck }))),
    ),
  );

  test('loses and invents no abstention, whatever the spans and the number of layers', () => {
    fc.assert(
      fc.property(
        points,
        fc.integer({ min: 2, max: 60 }),
        fc.integer({ min: 1, max: 6 }),
        (some, most, layers) => {
          const stack = stackedChecks(some, { most, layers, hidden: new Set() });
          const all = some
            .flatMap(({ byCheck }) => Object.values(byCheck))
            .reduce((sum, one) => sum + one, 0);
          expect(stack.layers.reduce((sum, { total }) => sum + total, 0)).toBe(all);
          expect((stack.layers.at(-1)?.tops ?? []).reduce((sum, one) => sum + one, 0)).toBe(all);
          expect(stack.layers.length).toBeLessThanOrEqual(layers + 1);
          expect(stack.xs.length).toBeLessThanOrEqual(most);
        },
      ),
    );
  });

  test('puts each layer on those under it, and what is hidden takes no room', () => {
    fc.assert(
      fc.property(points, fc.constantFrom('a', 'b', 'c'), (some, gone) => {
        const { layers } = stackedChecks(some, { most: 96, layers: 5, hidden: new Set([gone]) });
        layers.forEach(({ check, counts: own, tops }, at) => {
          const under = layers[at - 1]?.tops ?? tops.map(() => 0);
          expect(tops).toEqual(under.map((top, span) => top + (check === gone ? 0 : (own[span] ?? 0))));
        });
      }),
    );
  });

  test('names the most frequent first, and one check more than the layers by its name', () => {
    const some = [{ at: 0, approved: 0, byCheck: { a: 1, b: 9, c: 5, d: 0 } }];
    const names = (layers: number): unknown[] =>
      stackedChecks(some, { most: 96, layers, hidden: new Set() }).layers.map(({ check, total }) => [
        check,
        total,
      ]);
    expect(names(2)).toEqual([
      ['b', 9],
      ['c', 5],
      ['a', 1],
    ]);
    expect(names(1)).toEqual([
      ['b', 9],
      [undefined, 6],
    ]);
  });

  test('is told with the two checks that refused most', () => {
    const stack = (byCheck: Record<string, number>) =>
      stackedChecks([{ at: 0, approved: 1, byCheck }], { most: 96, layers: 6, hidden: new Set() });
    expect(abstentionWords(stack({ edgeAfterFee: 6, warm: 2, open: 2 }))).toBe(
      'In 1 min 10 decisions were refused, most of them first by edge after fee 6 (60 %) and open 2 (20 %).',
    );
    expect(abstentionWords(stack({}))).toBe('No decision was refused in this time.');
  });
});

describe('shareInterval', () => {
  test('holds the share, lies within 0 and 1, and narrows while more is seen', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 1, max: 5_000 }),
        fc.double({ min: 0, max: 1, noNaN: true }),
        (count, share) => {
          const [low, high] = shareInterval(share * count, count);
          expect(low).toBeGreaterThanOrEqual(0);
          expect(high).toBeLessThanOrEqual(1);
          expect(low).toBeLessThanOrEqual(share + 1e-12);
          expect(high).toBeGreaterThanOrEqual(share - 1e-12);
          const [more, less] = shareInterval(share * 4 * count, 4 * count);
          expect(less - more).toBeLessThan(high - low);
        },
      ),
    );
    expect(shareInterval(0, 0)).toEqual([0, 1]);
  });

  test('has both bounds where the share is one normal quantile of its own error away', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 5, max: 900 }),
        fc.double({ min: 0.05, max: 0.95, noNaN: true }),
        (count, share) => {
          for (const bound of shareInterval(share * count, count))
            expect((share - bound) ** 2).toBeCloseTo(
              (1.959963984540054 ** 2 * bound * (1 - bound)) / count,
              9,
            );
        },
      ),
    );
  });
});

const bin = (meanProbability: number, shareYes: number, count: number) => ({
  from: meanProbability - 0.05,
  to: meanProbability + 0.05,
  count,
  meanProbability,
  shareYes,
});

describe('reliabilityWords', () => {
  test('says how far off, which group is off the most, and when chance explains it', () => {
    expect(reliabilityWords([])).toBe('No probability has come true or false yet.');
    expect(reliabilityWords([bin(0.5, 0.52, 100)])).toBe(
      'Of 100 probabilities what we said and what came differ by 2.0 points on average. No group is off by more than' +
        ' chance allows.',
    );
    expect(reliabilityWords([bin(0.15, 0.3, 200), bin(0.5, 0.5, 200)])).toBe(
      'Of 400 probabilities what we said and what came differ by 7.5 points on average. 1 of 2 groups is off by more' +
        ' than chance allows; the most where we said 15 % and 30 % came, of 200.',
    );
  });

  test('no group that is empty, and no group whose interval holds what was said, is off', () => {
    const share = fc.double({ min: 0, max: 1, noNaN: true });
    fc.assert(
      fc.property(share, share, fc.nat(400), (said, came, count) => {
        const [low, high] = shareInterval(came * count, count);
        expect(offBins([bin(said, came, count)]).length).toBe(
          count > 0 && (said < low || said > high) ? 1 : 0,
        );
      }),
    );
  });
});

describe('checkVerdict', () => {
  const worth = { check: 'a', refused: 9, settled: 9 };
  test('speaks of cost or saving only where the interval is on one side of zero', () => {
    const cents = fc.integer({ min: -100, max: 100 });
    fc.assert(
      fc.property(cents, cents, (a, b) => {
        const [low, high] = [Math.min(a, b) / 100, Math.max(a, b) / 100];
        const { kind, words } = checkVerdict({
          ...worth,
          wouldDollars: (low + high) / 2,
          lowDollars: low,
          highDollars: high,
        });
        expect(kind).toBe(low > 0 ? 'cost' : high < 0 ? 'saved' : 'open');
        expect(words.startsWith('Covers zero')).toBe(low <= 0 && high >= 0);
      }),
    );
  });

  test('waits for what is not settled and for what has no interval', () => {
    const none = { wouldDollars: null, lowDollars: null, highDollars: null };
    expect(checkVerdict({ ...worth, settled: 0, ...none }).kind).toBe('waiting');
    expect(checkVerdict({ ...worth, ...none, wouldDollars: 0.4 })).toEqual({
      kind: 'waiting',
      words: 'Too few have settled for an interval.',
    });
    expect(checkVerdict({ ...worth, ...none, wouldDollars: 0.4, closes: 2 }).words).toBe(
      'Too few have settled for an interval: 2 closes.',
    );
    expect(
      checkVerdict({ ...worth, wouldDollars: -0.023, lowDollars: -0.03, highDollars: -0.01 }).words,
    ).toBe('Saved 2.3 ¢ a contract: what it refused would have lost. Does not cover zero.');
  });
});

describe('the quality of forecasts', () => {
  const row = {
    asset: 'BTC',
    minutes: 5,
    member: 'mixture',
    count: 500,
    qlike: 0.3,
    ratio: 0.9,
    coverage: 0.8,
  };

  test('calls a band narrow or wide only beyond chance, and counts outcomes that overlap as one', () => {
    expect(bandVerdict(row)).toBe('held');
    expect(bandVerdict({ ...row, coverage: 0.65 })).toBe('narrow');
    expect(bandVerdict({ ...row, coverage: 0.93 })).toBe('wide');
    expect(bandVerdict({ ...row, coverage: 0.65, minutes: 50 })).toBe('held');
    expect(bandVerdict({ ...row, coverage: 0.2, count: 20 })).toBe('unknown');
    expect(bandVerdict({ ...row, coverage: null })).toBe('unknown');
  });

  test('drifts where even the best forecast is worse than the baseline, or a band holds too little', () => {
    expect(
      driftWords([
        { ...row, ratio: 1.2 },
        { ...row, member: 'har', ratio: 0.99, coverage: null },
      ]),
    ).toEqual([]);
    expect(
      driftWords([
        { ...row, ratio: 1.2, coverage: 0.6 },
        { ...row, member: 'har', ratio: 1.05, coverage: null },
      ]),
    ).toEqual([
      'BTC, 5 min: even har is 5.0 % worse than the baseline.',
      'BTC, 5 min: the band of mixture held 60.0 % where it promises 80 %.',
    ]);
  });

  test('says how far a model is from its training, where the model says it', () => {
    const drift = { value: 0.74, disagreement: 0.154, outside: 0.02, drifted: 0, qlikeRatio: 0.9 };
    expect(confidenceWords(anAsset({ model: 'ensemble', drift }))).toBe(
      'BTC: confidence 74 % in ensemble. Members disagree by 0.15 of a logarithm; of the features 2 % lie outside the' +
        " range of training and 0 % have drifted from it in a week; QLIKE lately 0.90 of the backbone's.",
    );
    expect(confidenceWords(anAsset({ drift: null }))).toBeUndefined();
    expect(confidenceWords(anAsset({}))).toBeUndefined();
  });
});
