import { describe, expect, test } from '@jest/globals';
import type { Proposal } from '../../src/domain/events/decision.ts';
import type { Forecast } from '../../src/domain/events/forecast.ts';
import { type Count, cash, count, priceTicks } from '../../src/domain/money.ts';
import { DAY, HOUR, MINUTE } from '../../src/domain/time.ts';
import { emptyPortfolio } from '../../src/portfolio/portfolio.ts';
import { type ProposalAccount, proposalAccount } from '../../src/portfolio/proposal-account.ts';
import { standardChecks } from '../../src/risk/checks.ts';
import type { CheckContext, FeedHealth } from '../../src/risk/context.ts';
import { decide } from '../../src/risk/decide.ts';
import { type RiskSettings, riskSettings } from '../../src/risk/settings.ts';
import { CLOSE_AT, contractOf } from '../portfolio/samples.ts';
import { minutesOf } from '../support/variance-paths.ts';
import { accountOf, bookOf, contextOf, NOW } from './samples.ts';

const failing = (changes: Partial<CheckContext>) => decide(standardChecks, contextOf(changes)).failing;

const limits = (changes: Partial<RiskSettings>): RiskSettings => ({ ...riskSettings.parse({}), ...changes });
const proposal = (changes: Partial<Proposal>): Proposal => ({ ...contextOf().proposal, ...changes });
const account = (changes: Partial<ProposalAccount>) => ({ account: accountOf(changes) });
const feeds = (feed: FeedHealth['feed'], receivedAt: number | undefined, required = true) => ({
  feeds: contextOf().feeds.map((health) => (health.feed === feed ? { feed, required, receivedAt } : health)),
});
const forecast = (changes: Partial<Forecast>) => {
  const { forecast } = contextOf();
  return { forecast: forecast && { ...forecast, ...changes } };
};
const support = (changes: Partial<CheckContext['support']>) => ({
  support: { ...contextOf().support, ...changes },
});
const reaching = (until: number) => minutesOf(0, 1, () => 1e-6, until);
const shown = (value: number): Count => count(value);

/** For each check the last context that passes and the first that does not. */
const EDGES: readonly (readonly [string, Partial<CheckContext>, Partial<CheckContext>])[] = [
  ['killSwitch', { mode: 'armed' }, { mode: 'halted' }],
  ['exchangeOpen', { exchangeTrading: true }, { exchangeTrading: false }],
  ['clockTrue', { clockOffsetMicros: 1_000_000 }, { clockOffsetMicros: 1_000_001 }],
  ['clockTrue', { clockOffsetMicros: -1_000_000 }, { clockOffsetMicros: -1_000_001 }],
  ['clockTrue', {}, { clockOffsetMicros: Number.NaN }],
  ['krakenBookFresh', feeds('krakenBook', NOW - 5_000_000), feeds('krakenBook', NOW - 5_000_001)],
  ['krakenFresh', feeds('kraken', NOW - 90_000_000), feeds('kraken', NOW - 90_000_001)],
  ['kalshiFresh', feeds('kalshi', NOW - 10_000_000), feeds('kalshi', NOW - 10_000_001)],
  ['kalshiFresh', feeds('kalshi', undefined, false), feeds('kalshi', undefined)],
  ['indexFresh', feeds('index', NOW - 5_000_000), feeds('index', NOW - 5_000_001)],
  ['indexKnown', {}, { index: undefined }],
  ['warm', { warmMinutes: 512 }, { warmMinutes: 511 }],
  [
    'forecastFresh',
    { limits: limits({ forecastMaxAgeMicros: 30_000_000 }) },
    { limits: limits({ forecastMaxAgeMicros: 29_999_999 }) },
  ],
  ['forecastUsable', {}, forecast({ horizons: [{ minutes: 15, logVariance: Number.NaN }] })],
  ['forecastUsable', forecast({ path: reaching(CLOSE_AT) }), forecast({ path: reaching(CLOSE_AT - 1) })],
  [
    'priced',
    { proposal: proposal({ modelProbability: 1 }) },
    { proposal: proposal({ modelProbability: 1.0001 }) },
  ],
  ['contractActive', { contractState: 'active' }, { contractState: 'inactive' }],
  ['contractTerms', { contract: contractOf({ openAt: NOW }) }, { contract: contractOf({ openAt: NOW + 1 }) }],
  ['contractTerms', { contract: contractOf() }, { contract: contractOf({ floorUnits: undefined }) }],
  [
    'toCloseMin',
    { contract: contractOf({ closeAt: NOW + 120_000_000 }) },
    { contract: contractOf({ closeAt: NOW + 119_999_999 }) },
  ],
  [
    'toCloseMin',
    { directIndex: true, contract: contractOf({ closeAt: NOW + 30_000_000 }) },
    { directIndex: true, contract: contractOf({ closeAt: NOW + 29_999_999 }) },
  ],
  [
    'toCloseMax',
    { contract: contractOf({ closeAt: NOW + 2 * HOUR }) },
    { contract: contractOf({ closeAt: NOW + 2 * HOUR + 1 }) },
  ],
  ['bookIntact', {}, { book: bookOf({ live: false }) }],
  ['bookIntact', {}, { book: bookOf({ crossed: true }) }],
  ['bookFresh', { bookReceivedAt: NOW - MINUTE }, { bookReceivedAt: NOW - MINUTE - 1 }],
  ['twoSided', { book: bookOf({ bidCount: shown(1) }) }, { book: bookOf({ bidCount: shown(0) }) }],
  [
    'spread',
    { book: bookOf({ bidTicks: priceTicks(4_400) }) },
    { book: bookOf({ bidTicks: priceTicks(4_399) }) },
  ],
  ['touchDepth', { book: bookOf({ askCount: shown(1_000) }) }, { book: bookOf({ askCount: shown(999) }) }],
  [
    'touchDepth',
    { proposal: proposal({ count: count(1) }), book: bookOf({ askCount: shown(100) }) },
    { proposal: proposal({ count: count(1) }), book: bookOf({ askCount: shown(99) }) },
  ],
  [
    'edge',
    { proposal: proposal({ edgeDollars: 0.025, probabilityError: 0.02 }) },
    { proposal: proposal({ edgeDollars: 0.025, probabilityError: 0.0201 }) },
  ],
  ['tickGrid', {}, { proposal: proposal({ limitTicks: priceTicks(5_010) }) }],
  ['priceBand', { limits: limits({ priceMaxTicks: 5_000 }) }, { limits: limits({ priceMaxTicks: 4_999 }) }],
  ['priceBand', { limits: limits({ priceMinTicks: 5_000 }) }, { limits: limits({ priceMinTicks: 5_001 }) }],
  [
    'fairCollar',
    { proposal: proposal({ probability: 0.65 }) },
    { proposal: proposal({ probability: 0.6501 }) },
  ],
  ['midCollar', { limits: limits({ midCollarTicks: 100 }) }, { limits: limits({ midCollarTicks: 99 }) }],
  ['orderSize', { limits: limits({ orderMaxCount: 1_000 }) }, { limits: limits({ orderMaxCount: 999 }) }],
  ['orderSize', {}, { proposal: proposal({ count: count(0) }) }],
  ['position', account({ positionIfFilled: 5_000 }), account({ positionIfFilled: 5_001 })],
  ['closeLoss', account({ worstOfClose: () => -500_000 }), account({ worstOfClose: () => -500_001 })],
  ['totalLoss', account({ worstOfAll: () => -1_000_000 }), account({ worstOfAll: () => -1_000_001 })],
  [
    'dayLoss',
    account({ dayPnl: -400_000, worstOfAll: () => -600_000 }),
    account({ dayPnl: -400_001, worstOfAll: () => -600_000 }),
  ],
  [
    'dayLoss',
    account({ dayPnl: -1_000_000, worstOfAll: () => 9 }),
    account({ dayPnl: -1_000_001, worstOfAll: () => 9 }),
  ],
  ['collateral', account({ available: 50_000 }), account({ available: 49_999 })],
  ['orderRate', account({ ordersWithin: () => 9 }), account({ ordersWithin: () => 10 })],
  ['ordersOpen', account({ ordersOpen: 7 }), account({ ordersOpen: 8 })],
  ['duplicate', account({ ordersInTheWay: 0 }), account({ ordersInTheWay: 1 })],
  ['indexUndisputed', { indexDisputed: false }, { indexDisputed: true }],
  ['indexSources', support({ sources: 2 }), support({ sources: 1 })],
  ['indexAgrees', support({ distance: 10, band: 10 }), support({ distance: 10.01, band: 10 })],
  ['indexAgrees', support({ venues: 0, distance: Number.NaN }), support({ distance: Number.NaN })],
  ['spotsAgree', support({ venues: 2, far: 0 }), support({ venues: 2, far: 1 })],
  ['spotsAgree', support({ venues: 3, far: 1 }), support({ venues: 3, far: 2 })],
  ['reconciled', account({ differences: 0 }), account({ differences: 1 })],
  ['cooldown', account({ lastOrderAt: NOW - 5_000_000 }), account({ lastOrderAt: NOW - 4_999_999 })],
];

describe('standardChecks', () => {
  test('a context in good order is approved', () => {
    const { verdict, findings } = decide(standardChecks, contextOf());
    expect(verdict).toBe('approved');
    expect(new Set(findings.map(({ check }) => check)).size).toBe(standardChecks.length);
  });

  test.each(EDGES)('%s passes at its limit and refuses just past it', (check, pass, refuse) => {
    expect(failing(pass)).not.toContain(check);
    expect(failing(refuse)).toContain(check);
  });

  test('each check has an edge case above', () => {
    const named = decide(standardChecks, contextOf()).findings.map(({ check }) => check);
    expect([...new Set(EDGES.map(([check]) => check))].sort()).toEqual([...named].sort());
  });

  test('an exchange that has not spoken is taken as paused on Thursdays from 07:00 to 10:00 UTC and open otherwise', () => {
    const thursday = Math.floor(CLOSE_AT / (7 * DAY)) * 7 * DAY;
    expect(new Date(thursday / 1000).getUTCDay()).toBe(4);
    const silentAt = (now: number) => failing({ now, exchangeTrading: undefined }).includes('exchangeOpen');
    expect([7 * HOUR - 1, 7 * HOUR, 10 * HOUR - 1, 10 * HOUR].map((h) => silentAt(thursday + h))).toEqual([
      false,
      true,
      true,
      false,
    ]);
    expect(silentAt(thursday + DAY + 8 * HOUR)).toBe(false);
  });

  test('closing a position passes however large it is', () => {
    expect(failing(account({ positionIfFilled: -80_000 }))).toEqual([]);
  });

  test('an empty side refuses as one-sided and has neither spread nor middle', () => {
    const book = bookOf({ bidTicks: undefined, bidCount: shown(0) });
    expect(failing({ book })).toEqual(['twoSided', 'spread', 'midCollar']);
  });

  test('NaN anywhere in the context never approves', () => {
    const base = contextOf({
      directIndex: false,
      account: accountOf({ lastOrderAt: NOW - MINUTE }),
      contract: contractOf({ capUnits: 9_000_000 }),
    });
    expect(decide(standardChecks, base).verdict).toBe('approved');
    const approved: string[] = [];
    let numbers = 0;
    const approves = (context: CheckContext): boolean => {
      const { proposal, contract } = context;
      const account =
        context.proposal === base.proposal
          ? context.account
          : proposalAccount(emptyPortfolio(cash(1_000_000)), NOW, contract, proposal);
      return decide(standardChecks, { ...context, account }).verdict === 'approved';
    };
    expect(approves({ ...base, proposal: { ...base.proposal } })).toBe(true);
    const poison = (
      value: unknown,
      path: readonly string[],
      rebuild: (poisoned: unknown) => CheckContext,
    ): void => {
      // A close whose path or tails give no number is not priced: a test of the settlement law.
      if (/^forecast\.(path\.cumulative|tails)$/.test(path.join('.'))) return;
      if (typeof value === 'number') {
        numbers++;
        if (approves(rebuild(Number.NaN))) approved.push(path.join('.'));
      } else if (Array.isArray(value))
        value.forEach((item, i) => {
          poison(item, [...path, String(i)], (poisoned) => rebuild(value.with(i, poisoned)));
        });
      else if (typeof value === 'object' && value !== null)
        for (const [key, item] of Object.entries(value))
          poison(item, [...path, key], (poisoned) => rebuild({ ...value, [key]: poisoned }));
    };
    poison(base, [], (poisoned) => poisoned as CheckContext);
    for (const name of ['worstOfClose', 'worstOfAll', 'ordersWithin'] as const)
      poison(0, [name], () => ({ ...base, account: accountOf({ [name]: () => Number.NaN }) }));
    // Of a forecast's path and tails the checks see what pricing makes of them: `assess.test.ts` poisons those.
    // The bands and ages of the index's support are used before the checks: `support.test.ts` poisons those.
    expect(
      approved.filter((path) => !/^(forecast\.(path|tails)\.|limits\.(indexBand|spotMaxAge))/.test(path)),
    ).toEqual([]);
    expect(numbers).toBeGreaterThan(60);
    // With the index itself in sight the other least time to the close is the one in force.
    const direct = { ...base, directIndex: true };
    expect(decide(standardChecks, direct).verdict).toBe('approved');
    expect(
      decide(standardChecks, { ...direct, limits: { ...direct.limits, toCloseMinMicros: Number.NaN } })
        .verdict,
    ).toBe('abstained');
  });
});
