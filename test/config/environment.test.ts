import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { overrides, withEnvironment } from '../../src/config/environment.ts';

const names = overrides.map(({ name }) => name);
const objects = fc.dictionary(
  fc.constantFrom('label', 'kraken', 'kalshi', 'coinbase', 'risk'),
  fc.oneof(
    fc.string(),
    fc.constant(null),
    fc.array(fc.string(), { maxLength: 2 }),
    fc.dictionary(fc.constantFrom('wsUrl', 'restUrl', 'keyId', 'environment', 'series'), fc.string()),
  ),
);
const environments = fc.dictionary(
  fc.constantFrom(...names, 'PATH', 'INFLUX_URL', 'KALSHI_PRIVATE_KEY'),
  fc.option(fc.string(), { nil: undefined }),
);

/** Every leaf of a tree by its path, the oracle's view of a configuration. */
function leaves(root: unknown, path: readonly string[] = []): ReadonlyMap<string, unknown> {
  if (typeof root !== 'object' || root === null || Array.isArray(root))
    return new Map([[path.join('.'), root]]);
  const inner = Object.entries(root).flatMap(([key, value]) => [...leaves(value, [...path, key])]);
  return new Map(inner);
}

describe('withEnvironment', () => {
  test('a variable sets its key and leaves its neighbours', () =>
    expect(
      withEnvironment(
        { label: 'file', kalshi: { keyId: 'file', series: ['KXBTC15M'] } },
        { KALSHI_KEY_ID: 'outside' },
      ),
    ).toEqual({
      raw: { label: 'file', kalshi: { keyId: 'outside', series: ['KXBTC15M'] } },
      used: [{ name: 'KALSHI_KEY_ID', path: ['kalshi', 'keyId'] }],
    }));

  test.each([[undefined], [null], ['text'], [7], [[1, 2]], [{ kalshi: null }], [{ kalshi: ['key'] }]])(
    'what the file holds in place of an object (%j) gives way',
    (raw) =>
      expect(withEnvironment(raw, { KALSHI_KEY_ID: 'outside' }).raw).toEqual({
        kalshi: { keyId: 'outside' },
      }),
  );

  test('without a variable of ours the file stands as it is, wrong or not', () => {
    for (const raw of [undefined, null, 'text', [1], { kalshi: 7 }])
      expect(withEnvironment(raw, { PATH: '/bin', KALSHI_KEY_ID: '' })).toEqual({ raw, used: [] });
  });

  test('property: exactly what the environment names changes, and the file’s own object does not', () => {
    fc.assert(
      fc.property(objects, environments, (file, environment) => {
        const before = structuredClone(file);
        const { raw, used } = withEnvironment(file, environment);
        expect(file).toEqual(before);
        const set = overrides.filter(
          ({ name }) => environment[name] !== undefined && environment[name] !== '',
        );
        expect(used).toEqual(set);
        const expected = new Map([...leaves(file)]);
        for (const { name, path } of set) {
          const key = path.join('.');
          // A value where an object is needed now is gone, and so is an object where the value is now.
          expected.delete(path.slice(0, -1).join('.'));
          for (const other of expected.keys()) if (other.startsWith(`${key}.`)) expected.delete(other);
          expected.set(key, environment[name]);
        }
        const seen = leaves(raw);
        for (const key of new Set([...expected.keys(), ...seen.keys()]))
          expect({ key, value: seen.get(key) }).toEqual({ key, value: expected.get(key) });
      }),
    );
  });
});

describe('overrides', () => {
  test('each variable is one key’s, and each key one variable’s', () => {
    expect(new Set(names).size).toBe(names.length);
    expect(new Set(overrides.map(({ path }) => path.join('.'))).size).toBe(names.length);
  });

  test('of a private key only the path is taken, and a URL that may hold a password is not', () => {
    const secret = withEnvironment(
      {},
      { KALSHI_PRIVATE_KEY: '-----BEGIN', KALSHI_PRIVATE_KEY_PEM: '-----BEGIN', INFLUX_URL: 'http://a:b@c' },
    );
    expect(secret).toEqual({ raw: {}, used: [] });
    expect(withEnvironment({}, { KALSHI_PRIVATE_KEY_PATH: 'key.pem' }).raw).toEqual({
      kalshi: { privateKeyPath: 'key.pem' },
    });
  });
});
