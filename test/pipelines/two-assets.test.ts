import { beforeAll, describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import type { Settings } from '../../src/config/settings.ts';
import type { AuditEvent } from '../../src/domain/events/audit.ts';
import type { Decision } from '../../src/domain/events/decision.ts';
import { decisionLine } from '../../src/telemetry/decision-line.ts';
import { assetOf } from '../../src/venues/asset-of.ts';
import { forbidWallClock } from '../support/no-wall-clock.ts';
import { only, runFrames } from './market.ts';
import { type Disturbance, NAMES, type Name, twoAssetSession } from './two-assets.ts';

const MINUTE_OF_SESSION = 60_000_000;
/** A sample, examples included; `RELIABILITY_RUNS` multiplies it. */
const RUNS = 8 * Number(process.env['RELIABILITY_RUNS'] ?? 1);

/** Findings that the account, or the size that it can afford, has a say in. All others are the market's own. */
const OF_ACCOUNT = new Set([
  'touchDepth',
  'edge',
  'tickGrid',
  'priceBand',
  'fairCollar',
  'midCollar',
  'orderSize',
  'position',
  'closeLoss',
  'totalLoss',
  'dayLoss',
  'collateral',
  'orderRate',
  'ordersOpen',
  'duplicate',
  'cooldown',
]);

const disturbance: fc.Arbitrary<Disturbance> = fc.oneof(
  fc.record({
    kind: fc.constant('leftOut' as const),
    share: fc.constantFrom(0.01, 0.3, 1),
    seed: fc.nat(),
  }),
  fc.record({
    kind: fc.constant('delayed' as const),
    micros: fc.integer({ min: 1, max: MINUTE_OF_SESSION }),
  }),
  fc.record({
    kind: fc.constant('shuffled' as const),
    within: fc.constantFrom(3, 100, 100_000),
    seed: fc.nat(),
  }),
  fc.constant({ kind: 'otherPrices' as const }),
);

const { settings, frames } = twoAssetSession({ startAt: '2026-06-01T13:57:00Z', spanMinutes: 2, strikes: 2 });
const watching: Settings = {
  ...settings,
  pricing: { ...settings.pricing, sizing: { ...settings.pricing.sizing, maxOrderCount: 0 } },
};
const otherThan = (name: Name): Name => (name === 'BTC' ? 'ETH' : 'BTC');
const { ticker: assetNameOf } = assetOf(settings.assets);
const decisionsOf = (name: Name, events: readonly AuditEvent[]): readonly Decision[] =>
  only('decision', events).filter(({ ticker }) => assetNameOf(ticker) === name);
/** Decision lines but for their number, which counts the whole run's. */
const linesOf = (name: Name, events: readonly AuditEvent[]): readonly string[] =>
  decisionsOf(name, events).map((decision) => decisionLine({ ...decision, id: 0 }));

describe('two assets in one graph', () => {
  forbidWallClock();

  describe('without orders', () => {
    let sound: readonly AuditEvent[] = [];
    beforeAll(async () => {
      sound = await runFrames(watching, frames());
    });

    test('each is priced from its own index and forecast', () => {
      for (const name of NAMES) {
        const decisions = decisionsOf(name, sound);
        expect(decisions.length).toBeGreaterThan(50);
        expect(decisions.some(({ proposal }) => proposal.modelProbability !== null)).toBe(true);
        expect(only('forecast', sound).filter(({ asset }) => asset === name).length).toBeGreaterThan(0);
      }
      const levels = NAMES.map(
        (name) => only('index', sound).find(({ asset }) => asset === name)?.value ?? Number.NaN,
      );
      expect((levels[0] ?? 0) / (levels[1] ?? 0)).toBeGreaterThan(10);
      expect(only('orderSent', sound)).toEqual([]);
    });

    test('property: whatever becomes of one’s frames, the other’s decisions stay byte for byte the same', async () => {
      await fc.assert(
        fc.asyncProperty(fc.constantFrom(...NAMES), disturbance, async (to, how) => {
          const events = await runFrames(watching, frames({ to, how }));
          const spared = otherThan(to);
          expect(linesOf(spared, events)).toEqual(linesOf(spared, sound));
          // Else nothing was done, and the claim says nothing.
          expect(linesOf(to, events)).not.toEqual(linesOf(to, sound));
        }),
        {
          numRuns: RUNS,
          examples: [
            ['ETH', { kind: 'leftOut', share: 1, seed: 1 }],
            ['BTC', { kind: 'leftOut', share: 0.01, seed: 2 }],
            ['ETH', { kind: 'shuffled', within: 100, seed: 3 }],
            ['BTC', { kind: 'shuffled', within: 100_000, seed: 4 }],
            ['BTC', { kind: 'otherPrices' }],
            ['ETH', { kind: 'delayed', micros: 1_234_567 }],
          ],
        },
      );
    });
  });

  test('with orders from one account, only findings that the account has a say in may differ', async () => {
    const sound = await runFrames(settings, frames());
    for (const name of NAMES)
      expect(decisionsOf(name, sound).some(({ verdict }) => verdict === 'approved')).toBe(true);
    for (const to of NAMES) {
      const events = await runFrames(settings, frames({ to, how: { kind: 'leftOut', share: 1, seed: 1 } }));
      const spared = otherThan(to);
      const byPlace = new Map(
        decisionsOf(spared, sound).map((decision) => [`${decision.ticker} ${decision.at}`, decision]),
      );
      const ofMarket = ({ bidTicks, askTicks, findings, inputs, model }: Decision) => ({
        bidTicks,
        askTicks,
        inputs,
        model,
        findings: findings.filter(({ check }) => !OF_ACCOUNT.has(check)),
      });
      const pairs = decisionsOf(spared, events).flatMap((decision) => {
        const before = byPlace.get(`${decision.ticker} ${decision.at}`);
        return before ? [[ofMarket(decision), ofMarket(before)] as const] : [];
      });
      expect(pairs.length).toBeGreaterThan(50);
      expect(pairs.map(([now]) => now)).toEqual(pairs.map(([, before]) => before));
    }
  });
});
