import '../support/properties.ts';
import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { z } from 'zod';
import { decidingSettings } from '../../pipelines/run/deciding-settings.ts';
import { type Settings, settingsObject, settingsSchema } from '../../src/config/settings.ts';
import { spotVenueNames } from '../../src/domain/venues.ts';

/** What is not kept, by its beginning. A new text goes here, or into the list of what is kept. */
const LEFT_OUT = [
  ...spotVenueNames.flatMap((venue) => [`${venue}.wsUrl`, `${venue}.restUrl`]),
  'kalshi.wsUrl',
  'kalshi.restUrl',
  'kalshi.keyId',
  'kalshi.privateKeyPath',
  'kalshi.pollEveryMicros',
  'emulator.',
  'telemetry.',
  'console.',
  'notify.',
  'backtest.',
];

interface Shape {
  readonly type?: string;
  readonly properties?: Readonly<Record<string, Shape>>;
  readonly additionalProperties?: Shape | boolean;
  readonly items?: Shape;
  readonly anyOf?: readonly Shape[];
  readonly oneOf?: readonly Shape[];
  readonly prefixItems?: readonly Shape[];
}

type Leaf = readonly [path: string, type: string];

/** Every leaf of a JSON schema by its path, with `*` for a place in a list, and its type. */
const leavesOf = (shape: Shape, path: readonly string[] = []): readonly Leaf[] => {
  const { properties = {}, additionalProperties, items, anyOf = [], oneOf = [], prefixItems = [] } = shape;
  const inner = [
    ...Object.entries(properties).flatMap(([key, each]) => leavesOf(each, [...path, key])),
    ...(typeof additionalProperties === 'object' ? leavesOf(additionalProperties, [...path, '*']) : []),
    ...[...(items ? [items] : []), ...prefixItems].flatMap((each) => leavesOf(each, [...path, '*'])),
    ...[...anyOf, ...oneOf].flatMap((each) => leavesOf(each, path)),
  ];
  return inner.length > 0 || shape.type === 'object' || shape.type === 'array'
    ? inner
    : [[path.join('.'), shape.type ?? 'number']];
};
const TYPES: ReadonlyMap<string, string> = new Map(
  leavesOf(z.toJSONSchema(settingsObject, { io: 'input', unrepresentable: 'any' }) as Shape),
);
// An asset may be its name alone; once it is read it is an object.
const LEAVES = [...TYPES.keys()].filter((path) => path !== 'assets.*');

/** Settings in which every leaf is there, made without the schema: `of` gives a leaf's value. */
const fullOf = (of: (path: string) => unknown): Settings => {
  const root: Record<string, unknown> = {};
  for (const path of LEAVES) {
    const keys = path.split('.').map((key) => (key === '*' ? '0' : key));
    let node = root;
    for (const key of keys.slice(0, -1)) {
      const next = node[key];
      node[key] = typeof next === 'object' && next !== null ? next : {};
      node = node[key] as Record<string, unknown>;
    }
    node[keys.at(-1) ?? ''] ??= of(path);
  }
  return root as unknown as Settings;
};
const at = (root: unknown, path: string): unknown =>
  path
    .split('.')
    .reduce<unknown>(
      (node, key) => (node as Record<string, unknown> | undefined)?.[key === '*' ? '0' : key],
      root,
    );
const isLeftOut = (path: string): boolean =>
  LEFT_OUT.some((left) => path === left || (left.endsWith('.') && path.startsWith(left)));

describe('decidingSettings', () => {
  test('every setting there is, is kept or named here as left out', () => {
    const full = fullOf((path) => (TYPES.get(path) === 'string' ? path : 1));
    const kept = decidingSettings(full);
    expect(LEAVES.length).toBeGreaterThan(100);
    expect(LEAVES.filter((path) => (at(kept, path) === undefined) !== isLeftOut(path))).toEqual([]);
  });

  test('what is kept reads as the settings that it was kept of, in all that decides', () => {
    const settings = settingsSchema.parse({
      label: 'mine',
      assets: ['BTC', 'ETH'],
      kraken: { bookDepth: 100, wsUrl: 'wss://elsewhere.example/v2' },
      coinbase: { enabled: true },
      kalshi: { useYesPrice: true, environment: 'demo', keyId: 'an-id', privateKeyPath: 'a/path.pem' },
      risk: { edgeMinDollars: 0.0125 },
      execution: { desk: { feedsMustCome: true, requiredFeeds: ['index'] }, member: 'nonDirect' },
      telemetry: { influxUrl: 'http://user:password@host:8086/voltage' },
    });
    const read = settingsSchema.parse(JSON.parse(JSON.stringify(decidingSettings(settings))));
    for (const part of ['label', 'assets', 'forecast', 'pricing', 'risk', 'execution'] as const)
      expect(read[part]).toEqual(settings[part]);
    expect(read.kraken.bookDepth).toBe(100);
    expect(read.coinbase.enabled).toBe(true);
    expect(read.kalshi).toMatchObject({ useYesPrice: true, environment: 'demo' });
    expect(read.kalshi.keyId ?? read.kalshi.privateKeyPath ?? read.telemetry.influxUrl).toBeUndefined();
    expect(JSON.stringify(decidingSettings(settings))).not.toMatch(/:\/\//);
    expect(read.kraken.wsUrl).not.toBe(settings.kraken.wsUrl);
  });

  test('property: a secret in a setting that is left out, or in a text that nobody named yet, is not kept', () => {
    fc.assert(
      fc.property(
        fc.stringMatching(/^[A-Za-z0-9+/]{20,40}$/),
        fc.constantFrom('apiToken', 'password', 'wsUrl', 'note', 'key'),
        fc.constantFrom(
          ...[
            '',
            'kraken',
            'coinbase',
            'kalshi',
            'forecast',
            'pricing.twin',
            'risk',
            'execution.desk',
            'assets.0',
          ],
        ),
        (secret, key, where) => {
          const full = fullOf((path) => (isLeftOut(path) ? secret : 1));
          const node = (where === '' ? full : at(full, where)) as unknown as Record<string, unknown>;
          node[key] = secret;
          const kept = JSON.stringify(decidingSettings(full));
          expect(kept.includes(secret)).toBe(false);
        },
      ),
    );
  });
});
