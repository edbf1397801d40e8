import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { answerOf } from '../../console/acts/answer-of.ts';
import { hashOf, routeOf, SCREENS } from '../../console/store/route.ts';
import { tokenOf } from '../../console/store/token-of.ts';
import { againstPaper } from '../../console/words/against-paper.ts';
import { checkNumber } from '../../console/words/check-units.ts';
import { closedShown, closedTitle, closedWords } from '../../console/words/closed-words.ts';
import { contractTitle } from '../../console/words/contract-title.ts';
import {
  age,
  cents,
  clock,
  contracts,
  countdown,
  decimal,
  dollars,
  gain,
  held,
} from '../../console/words/format.ts';
import { groupContracts } from '../../console/words/group-contracts.ts';
import { headroomShare } from '../../console/words/headroom-share.ts';
import { limitShare, limitTone, limitWords } from '../../console/words/limit-words.ts';
import { MARKS } from '../../console/words/marks.ts';
import { filterChoices, pickDecisions } from '../../console/words/pick-decisions.ts';
import { queueWords } from '../../console/words/queue-words.ts';
import { stanceOf } from '../../console/words/stance-of.ts';
import { titleOf } from '../../console/words/title-of.ts';
import { unsoldWords } from '../../console/words/unsold-words.ts';
import { wouldWords } from '../../console/words/would-words.ts';
import type { ContractView, DecisionLine, OrderView } from '../../src/console/state.ts';
import { SAMPLE_AT, sampleDecision, sampleState } from '../support/console-sample.ts';

const STATE = sampleState();
const [CONTRACT] = Object.values(STATE.maps.contracts) as [ContractView, ...ContractView[]];

/** A number read back from its words. */
const back = (text: string): number => Number(text.replace(/[,$+]/g, '').replace('−', '-'));

describe('numbers in words', () => {
  test('a number reads back as itself, rounded, and nothing but a dash stands for one that is not known', () => {
    fc.assert(
      fc.property(fc.double({ min: -1e9, max: 1e9, noNaN: true }), fc.nat(4), (value, digits) => {
        const rounded = Number(Math.abs(value).toFixed(digits)) * Math.sign(value);
        expect(back(decimal(value, digits))).toBeCloseTo(rounded, digits);
        expect(back(dollars(value, digits))).toBeCloseTo(rounded, digits);
        expect(decimal(value, digits)).not.toMatch(/^−[0.,]*$/);
        expect(gain(value, digits)).toMatch(/^[−+]?\$[\d,]+(\.\d+)?$/);
      }),
    );
    for (const unknown of [null, undefined, Number.NaN, Number.POSITIVE_INFINITY])
      expect([decimal(unknown), dollars(unknown), gain(unknown), cents(unknown), contracts(unknown)]).toEqual(
        Array(5).fill('–'),
      );
    expect([clock(null), age(null)]).toEqual(['–', '–']);
  });

  test('money has its sign before the dollar, and a gain says that it is one', () => {
    expect([dollars(-1_234.5), gain(4.18), gain(-0.001), dollars(0)]).toEqual([
      '−$1,234.50',
      '+$4.18',
      '$0.00',
      '$0.00',
    ]);
    expect([held(500), held(-50), held(0)]).toEqual(['5 YES', '0.50 NO', '–']);
  });

  test('a countdown never shows less than is left, and stands at 0:00 from the close on', () => {
    fc.assert(
      fc.property(fc.integer({ min: -10_000_000, max: 172_000_000_000 - 1 }), (micros) => {
        const text = countdown(micros);
        const seconds = text.split(':').reduce((sum, part) => 60 * sum + Number(part), 0);
        const left = Math.max(0, micros / 1_000_000);
        expect(seconds).toBeGreaterThanOrEqual(left);
        expect(seconds - left).toBeLessThan(1);
      }),
    );
    expect(countdown(200_000_000_000)).toBe('2 d 7 h');
  });

  test('an older age never reads as a younger one', () => {
    const units: Readonly<Record<string, number>> = { ms: 1e-3, s: 1, min: 60, h: 3_600, d: 86_400 };
    const seconds = (text: string): number => {
      const [value, unit = ''] = text.split(' ');
      return Number(value) * (units[unit] ?? Number.NaN);
    };
    fc.assert(
      fc.property(fc.nat(1e12), fc.nat(1e12), (a, b) => {
        expect(seconds(age(Math.min(a, b)))).toBeLessThanOrEqual(seconds(age(Math.max(a, b))));
        expect(Math.abs(seconds(age(a)) - a / 1e6)).toBeLessThanOrEqual(Math.max(0.05, 0.5 * (a / 1e6)));
      }),
    );
  });

  test('a check is told with its unit, and an unknown one by its bare number', () => {
    expect([
      checkNumber('indexFresh', 412_000),
      checkNumber('spread', 200),
      checkNumber('edge', 0.012),
      checkNumber('dayLoss', -12.3),
      checkNumber('touchDepth', 5_000),
      checkNumber('somethingNew', 7),
      checkNumber('edge', null),
    ]).toEqual(['0.4 s', '2.0 ¢', '1.2 ¢', '−$12.30', '50', '7', '–']);
  });
});

describe('places of the page', () => {
  test('every place reads back from its address, whatever is open', () => {
    fc.assert(
      fc.property(
        fc.constantFrom(...SCREENS.map(([name]) => name)),
        fc.option(fc.string({ minLength: 1, unit: 'grapheme' }), { nil: undefined }),
        (screen, open) => {
          expect(routeOf(hashOf(screen, open))).toEqual({ screen, open });
        },
      ),
    );
    for (const odd of ['', '#', '#/', '#/weather', '#TOKEN', '#/now/%E0%A4%A'])
      expect(routeOf(odd).screen).toBe('now');
  });

  test('a token is what follows the # and is no place, so that no place is ever sent as a token', () => {
    expect([tokenOf('#abc'), tokenOf('#/now'), tokenOf('#'), tokenOf('')]).toEqual([
      'abc',
      undefined,
      undefined,
      undefined,
    ]);
  });

  test("each mark differs from the others by word, letter, colour and shape, and stands in the tab's title", () => {
    const looks = Object.values(MARKS);
    for (const part of ['letter', 'colour', 'shape', 'means'] as const)
      expect(new Set(looks.map((look) => look[part])).size).toBe(4);
    expect(titleOf('live', STATE)).toBe('SIMULATED · WATCHING · demo-1405');
    expect(titleOf('lost', STATE)).toBe('SIMULATED · NOT CONNECTED · demo-1405');
    expect(titleOf('opening', undefined)).toBe('voltage: connecting');
  });
});

const index = STATE.maps.assets['BTC']?.indexDollars ?? 0;

describe('contracts', () => {
  test('a contract is named by when it pays', () => {
    const terms = { floorDollars: 90_250, capDollars: 90_500.5 };
    expect(
      ['greater', 'greater_or_equal', 'less', 'less_or_equal', 'between'].map((strikeType) =>
        contractTitle({ ...terms, strikeType }),
      ),
    ).toEqual(['> $90,250', '≥ $90,250', '< $90,500.50', '≤ $90,500.50', '$90,250 – $90,500.50']);
  });

  test('near the money or not, what is held or traded is always listed, and nothing is counted twice', () => {
    const made = fc.record({
      close: fc.integer({ min: -1, max: 2 }),
      strike: fc.integer({ min: 0, max: 40 }),
      held: fc.boolean(),
      approved: fc.boolean(),
    });
    fc.assert(
      fc.property(fc.array(made, { maxLength: 40 }), fc.integer({ min: 0, max: 8 }), (list, most) => {
        const contractsByTicker = Object.fromEntries(
          list.map(({ close, strike, held: isHeld, approved }, id): [string, ContractView] => [
            `T${id}`,
            {
              ...CONTRACT,
              ticker: `T${id}`,
              closeAt: SAMPLE_AT + close * 60_000_000,
              floorDollars: index - 20 + strike,
              position: isHeld ? 100 : 0,
              decision: sampleDecision(approved ? 7 : 1, SAMPLE_AT, `T${id}`),
              result: null,
            },
          ]),
        );
        const before = { near: new Set(['T0', 'T7']), listed: new Set(['T0', 'T3', 'T99']) };
        const { open, closed } = groupContracts(
          contractsByTicker,
          STATE.maps.assets,
          SAMPLE_AT,
          most,
          before,
        );
        const shown = open.flatMap(({ near, far }) => [...near, ...far]);
        const all = Object.values(contractsByTicker);
        expect(closed).toHaveLength(all.filter(({ closeAt }) => closeAt <= SAMPLE_AT).length);
        expect(shown.length + closed.length + open.reduce((sum, { hidden }) => sum + hidden, 0)).toBe(
          all.length,
        );
        for (const each of all)
          if (
            each.closeAt > SAMPLE_AT &&
            (each.position !== 0 || each.decision?.verdict === 'approved' || before.listed.has(each.ticker))
          )
            expect(shown).toContain(each);
        const closes = open.map(({ closeAt }) => closeAt);
        expect(closes).toEqual([...closes].sort((a, b) => a - b));
        for (const group of open) {
          for (const rows of [group.near, group.far]) {
            const strikes = rows.map(({ floorDollars }) => floorDollars ?? 0);
            expect(strikes).toEqual([...strikes].sort((a, b) => a - b));
          }
          const members = all.filter(({ closeAt }) => closeAt === group.closeAt);
          const away = ({ floorDollars }: ContractView): number => Math.abs((floorDollars ?? 0) - index);
          const ranks = members.map(away).sort((a, b) => a - b);
          // Nobody among the nearest is missing above, and nobody above is further than twice as many.
          for (const member of members) {
            if (away(member) < (ranks[Math.ceil(most / 2)] ?? Number.POSITIVE_INFINITY))
              expect(group.near).toContain(member);
            if (group.near.includes(member))
              expect(away(member)).toBeLessThanOrEqual(
                ranks[before.near.has(member.ticker) ? Math.max(0, 2 * most - 1) : Math.max(0, most - 1)] ??
                  Number.POSITIVE_INFINITY,
              );
          }
          expect(group.near.length).toBeGreaterThanOrEqual(Math.min(most, members.length));
        }
      }),
    );
  });

  test('what is done about a contract is said in two words, and a void book comes before any decision', () => {
    const decided = (id: number): ContractView => ({
      ...CONTRACT,
      live: true,
      result: null,
      decision: sampleDecision(id, SAMPLE_AT, 'T'),
    });
    expect(
      [decided(14), decided(7), decided(1), { ...decided(7), live: false }, { ...decided(1), decision: null }]
        .map((contract) => stanceOf(contract, SAMPLE_AT))
        .map(([, words]) => words),
    ).toEqual(['BUY YES', 'BUY NO', 'OUT', 'NO BOOK', 'NOT YET']);
    expect(stanceOf({ ...decided(7), result: 'no' }, SAMPLE_AT)[1]).toBe('paid NO');
    expect(stanceOf(decided(7), CONTRACT.closeAt)[1]).toBe('CLOSED');
  });

  test('a closed contract says how it settled and what it made, and folded only what is held is listed', () => {
    const closed = (more: Partial<ContractView>): ContractView => ({ ...CONTRACT, position: 0, ...more });
    const list = [
      closed({ result: 'yes', pnlDollars: 1.4 }),
      closed({ result: 'no', pnlDollars: null }),
      closed({ result: null, pnlDollars: null, position: 300 }),
      closed({ result: null, pnlDollars: null }),
    ];
    expect(list.map(closedWords)).toEqual([
      'paid YES; it made +$1.40',
      'paid NO; nothing was held',
      'closed; 3 YES held, waits for its result',
      'closed; its result has not come',
    ]);
    expect(closedTitle(list)).toBe('4, 1 of them held, which made +$1.40, 2 without a result yet');
    expect(closedTitle(list.slice(1, 2))).toBe('1, none of them was held');
    expect(closedShown(list, true)).toEqual([list[2]]);
    expect(closedShown(list, false)).toEqual(list);
  });

  test('a sale that cannot be priced says what is lacking: a buyer, the book, or the result', () => {
    const one = (more: Partial<ContractView>): ContractView => ({ ...CONTRACT, result: null, ...more });
    const bid = one({ position: 100, live: true, bidTicks: 3_000, askTicks: null });
    expect(unsoldWords([bid], SAMPLE_AT)).toBe(undefined);
    expect(unsoldWords([bid, { ...bid, position: -100 }], SAMPLE_AT)).toBe('1 held without a buyer');
    expect(unsoldWords([{ ...bid, bidTicks: null }], SAMPLE_AT)).toBe('1 held without a buyer');
    expect(
      unsoldWords(
        [
          { ...bid, live: false },
          { ...bid, bidTicks: null },
        ],
        SAMPLE_AT,
      ),
    ).toBe('2 held without a whole book');
    expect(unsoldWords([bid], CONTRACT.closeAt)).toBe('1 held closed and not settled yet');
  });

  test('an order that takes at once waits in no queue, and one that rests has at most what its price displays ahead', () => {
    const [some] = Object.values(STATE.maps.orders) as [OrderView, ...OrderView[]];
    const book = { ...CONTRACT, live: true, bids: [[3_000, 700] as const], asks: [[3_200, 300] as const] };
    const order = { ...some, timeInForce: 'gtc', state: 'resting', side: 'bid', count: 200 } as const;
    const rests = { ...order, limitTicks: 3_000, filled: 100 };
    expect([
      queueWords({ ...rests, timeInForce: 'ioc' }, book),
      queueWords(rests, book),
      queueWords({ ...rests, side: 'ask', limitTicks: 3_200, filled: 0 }, book),
      queueWords({ ...rests, limitTicks: 2_900 }, book),
      queueWords(rests, { ...book, live: false }),
      queueWords({ ...rests, state: 'cancelled' }, book),
    ]).toEqual([
      'takes at once',
      'at most 6 ahead',
      'at most 1 ahead',
      'not known: below the levels shown',
      'not known: no whole book',
      '–',
    ]);
  });

  test('what would turn an abstention is said by price, volatility and time, in the price of the side itself', () => {
    const base = { verdict: 'abstained', wouldPriceTicks: 3_100, wouldVolatilityFactor: 0.92 } as const;
    expect(wouldWords({ ...base, side: 'bid', wouldAt: SAMPLE_AT })).toEqual([
      'a price: it would buy YES at 31.0 ¢ or less',
      'volatility: if it were 8 % lower',
      'time: not before 14:05:00 UTC',
    ]);
    expect(wouldWords({ ...base, side: 'ask', wouldAt: null })[0]).toBe(
      'a price: it would buy NO at 69.0 ¢ or less',
    );
    expect(wouldWords({ ...base, verdict: 'approved', side: 'bid', wouldAt: null })).toEqual([]);
  });
});

describe('limits and headroom', () => {
  test('a limit is bad from its bound on, warns from four fifths, and words say what is used of what', () => {
    fc.assert(
      fc.property(
        fc.double({ min: 0, max: 200, noNaN: true }),
        fc.integer({ min: 0, max: 100 }),
        (used, limit) => {
          const tone = limitTone(limitShare({ name: 'n', title: 't', unit: 'orders', used, limit }));
          expect(tone === 'bad').toBe(limit === 0 ? used > 0 : used / limit >= 1);
          if (tone === 'warn') expect(used / limit).toBeGreaterThanOrEqual(0.8);
        },
      ),
    );
    expect(limitWords({ name: 'n', title: 't', unit: 'contracts', used: 5, limit: 10 })).toEqual([
      '5',
      'of 10 contracts',
    ]);
  });

  test('a bar of headroom leans to the side that the headroom says, within its track', () => {
    const known = fc.option(fc.double({ min: -1e6, max: 1e6, noNaN: true }), { nil: null });
    fc.assert(
      fc.property(known, known, known, (headroom, limit, observed) => {
        const share = headroomShare({ headroom, limit, observed });
        expect(Math.abs(share)).toBeLessThanOrEqual(1);
        // A share may be too small to be told from nothing; it never has the other sign.
        expect(share * (headroom ?? 0)).toBeGreaterThanOrEqual(0);
        if (headroom === null) expect(share).toBe(0);
      }),
    );
  });
});

describe('decisions, orders and answers', () => {
  test('a filter gives exactly the decisions that match, the latest first, and counts those it leaves out', () => {
    const lines = fc.array(
      fc.record({
        ticker: fc.constantFrom('A', 'B', 'C'),
        failing: fc.subarray(['edge', 'spread', 'dayLoss']),
        verdict: fc.constantFrom('approved', 'abstained'),
      }),
      { maxLength: 30 },
    );
    fc.assert(
      fc.property(
        lines,
        fc.constantFrom('', 'A', 'D'),
        fc.constantFrom('', 'edge'),
        fc.constantFrom('', 'approved', 'abstained'),
        fc.integer({ min: 1, max: 10 }),
        (made, ticker, check, verdict, most) => {
          const decisions = made.map(
            (each, id) => ({ ...sampleDecision(1, id, each.ticker), ...each, id }) as DecisionLine,
          );
          const { shown, matching } = pickDecisions(decisions, { ticker, check, verdict } as never, most);
          const expected = decisions.filter(
            (each) =>
              !(ticker !== '' && each.ticker !== ticker) &&
              !(check !== '' && !each.failing.includes(check)) &&
              !(verdict !== '' && each.verdict !== verdict),
          );
          expect(matching).toBe(expected.length);
          expect(shown.map(({ id }) => id)).toEqual(
            expected
              .map(({ id }) => id)
              .sort((a, b) => b - a)
              .slice(0, most),
          );
          const { tickers, checks } = filterChoices(decisions);
          for (const each of decisions) expect(tickers).toContain(each.ticker);
          for (const each of decisions.flatMap(({ failing }) => failing)) expect(checks).toContain(each);
        },
      ),
    );
  });

  test('an order says how paper differs on it, in contracts and cents', () => {
    const [order] = Object.values(STATE.maps.orders) as [OrderView, ...OrderView[]];
    const base = { ...order, filled: 500, averageTicks: 4_180 };
    expect([
      againstPaper({ ...base, paper: null }),
      againstPaper({ ...base, paper: { filled: 300, averageDollars: 0.42 } }),
      againstPaper({ ...base, filled: 0, averageTicks: null, paper: { filled: 300, averageDollars: 0.42 } }),
      againstPaper({ ...base, paper: { filled: 500, averageDollars: 0.418 } }),
    ]).toEqual(['–', '+2, −0.2 ¢', '−3', 'same count, 0.0 ¢']);
  });

  test('whatever a lane answers to an act is a sentence, and only a good status with a good word is done', () => {
    fc.assert(
      fc.property(
        fc.constantFrom(200, 400, 401, 409, 503),
        fc.oneof(
          fc.string(),
          fc.record({ ok: fc.boolean(), text: fc.string() }).map((body) => JSON.stringify(body)),
          fc.record({ error: fc.string({ minLength: 1 }) }).map((body) => JSON.stringify(body)),
          fc.constantFrom('null', '[]', '{}', '7'),
        ),
        (status, body) => {
          const { ok, text } = answerOf(status, body);
          expect(text).not.toBe('');
          if (status !== 200) expect(ok).toBe(false);
        },
      ),
    );
    expect(answerOf(200, '{"ok":false,"text":"an order may still rest"}')).toEqual({
      ok: false,
      text: 'an order may still rest',
    });
    expect(answerOf(409, '{"ok":false,"text":"it is halted by the guard"}').text).toBe(
      'it is halted by the guard',
    );
  });
});
