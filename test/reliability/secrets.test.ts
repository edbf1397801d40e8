import '../support/properties.ts';
import { afterAll, describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { map } from 'rxjs';
import type { Edge } from '../../pipelines/edges/open-feeds.ts';
import { decidingSettings } from '../../pipelines/run/deciding-settings.ts';
import { parseConfig } from '../../src/config/load.ts';
import { type Settings, settingsSchema } from '../../src/config/settings.ts';
import { influxTarget } from '../../src/telemetry/influx-url.ts';
import { discreetDial } from '../../src/transport/discreet-dial.ts';
import { discreetHttp } from '../../src/transport/discreet-http.ts';
import { leaks } from '../pipelines/secrets.ts';
import { signedSession } from '../pipelines/signed-session.ts';
import { tally } from '../support/tally.ts';
import { tempFolder } from '../support/temp-folder.ts';

const TIMES = Math.max(1, Number(process.env['RELIABILITY_RUNS'] ?? 1));
const folder = tempFolder();
const count = { tried: 0, lost: 0 };
afterAll(() =>
  tally({
    kind: 'secrets planted in settings, variables, addresses and reflected headers',
    tried: count.tried,
    survived: count.tried - count.lost,
    lost: count.lost,
  }),
);
/** Counts one try; the texts must hold none of the secrets. */
const clean = (texts: readonly string[], secrets: readonly string[]): void => {
  count.tried++;
  const told = secrets.filter((secret) => texts.some((text) => text.includes(secret)));
  if (told.length > 0) count.lost++;
  expect(told).toEqual([]);
};

const secrets = fc.oneof(
  fc.stringMatching(/^[A-Za-z0-9+/]{22,86}$/),
  fc.uuid(),
  fc.stringMatching(/^[a-z]{6}[A-Z0-9@:/#%&!*]{6,20}[0-9]{4}$/),
);
/** Ways to put a secret into a configuration where it is refused. */
const MISTAKES: readonly ((secret: string) => string)[] = [
  (secret) => JSON.stringify({ kalshi: { privateKey: `-----BEGIN PRIVATE KEY-----\n${secret}` } }),
  (secret) => JSON.stringify({ kalshi: { keyID: secret } }),
  (secret) => JSON.stringify({ kalshi: { keyId: [secret] } }),
  (secret) => JSON.stringify({ kalshi: { environment: secret } }),
  (secret) => JSON.stringify({ kalshi: secret }),
  (secret) => JSON.stringify({ kalshi: { restUrl: `https://${secret}/` } }),
  (secret) => JSON.stringify({ kraken: { wsUrl: `http://admin:${secret}@host/` } }),
  (secret) => JSON.stringify({ kraken: { restUrl: `https://admin:${encodeURIComponent(secret)}@host/` } }),
  (secret) => JSON.stringify({ coinbase: { wsUrl: `wss//admin:${secret}@host/` } }),
  (secret) => JSON.stringify({ telemetry: { influxURL: `http://admin:${secret}@db/x` } }),
  (secret) => JSON.stringify({ telemetry: { influxUrl: { password: secret } } }),
  (secret) => JSON.stringify({ telemetry: { logLevel: `http://admin:${secret}@db/x` } }),
  (secret) => JSON.stringify({ [`a ${secret}`]: 1 }),
  (secret) => JSON.stringify({ risk: { edgeMinDollars: `http://u:${secret}@x` } }),
  (secret) => JSON.stringify([secret]),
  (secret) => `telemetry:\n  influxUrl: *${secret}`,
  (secret) => `telemetry:\n  influxUrl: "${secret}`,
  (secret) => `telemetry:\n  influxUrl: x: ${secret}`,
  (secret) => `telemetry: { influxUrl: [${JSON.stringify(secret)}\n`,
];
const VARIABLES = [
  'KALSHI_ENVIRONMENT',
  'VOLTAGE_KALSHI_REST_URL',
  'VOLTAGE_KALSHI_WS_URL',
  'VOLTAGE_KRAKEN_WS_URL',
];

describe('a secret that is planted', () => {
  test('in a configuration that is refused is not told', () => {
    fc.assert(
      fc.property(secrets, fc.constantFrom(...MISTAKES), (secret, mistake) => {
        const loaded = parseConfig('v.yaml', mistake(secret), settingsSchema);
        if (loaded.kind === 'configProblem') clean([loaded.why], [secret, encodeURIComponent(secret)]);
      }),
      { numRuns: 400 * TIMES },
    );
  });

  test('in a variable that is refused is not told', () => {
    fc.assert(
      fc.property(secrets, fc.constantFrom(...VARIABLES), fc.boolean(), (secret, name, inAddress) => {
        const value = inAddress ? `https://admin:${secret}@host/trade-api/v2` : secret;
        const loaded = parseConfig('v.yaml', '', settingsSchema, { [name]: value });
        if (loaded.kind === 'configProblem') clean([loaded.why], [secret]);
      }),
      { numRuns: 150 * TIMES },
    );
  });

  test('in an address of InfluxDB that cannot be read is not told', () => {
    const broken = fc.constantFrom(
      'http://u:SECRET@host:port/db',
      'SECRET',
      'ftp://SECRET@x',
      'http://x/SECRET%',
    );
    fc.assert(
      fc.property(secrets, broken, (secret, address) => {
        try {
          influxTarget(address.replace('SECRET', () => secret));
        } catch (cause) {
          clean([String(cause)], [secret]);
        }
      }),
      { numRuns: 100 * TIMES },
    );
  });

  test('in settings that are used does not lie beside the tape', () => {
    fc.assert(
      fc.property(secrets, (secret) => {
        const { kalshi, telemetry, ...rest } = settingsSchema.parse({});
        const settings: Settings = {
          ...rest,
          kalshi: { ...kalshi, keyId: secret, privateKeyPath: secret, wsUrl: secret, restUrl: secret },
          telemetry: { ...telemetry, influxUrl: secret },
          kraken: { ...rest.kraken, wsUrl: secret, restUrl: secret },
          backtest: { history: secret, settled: secret },
        };
        clean([JSON.stringify(decidingSettings(settings))], [secret]);
      }),
      { numRuns: 50 * TIMES },
    );
  });
});

type Headers = Readonly<Record<string, string>>;
/** How a venue repeats the headers of a request. */
const REFLECTIONS: readonly ((headers: Headers) => string)[] = [
  (headers) => JSON.stringify({ error: { code: 'denied', details: JSON.stringify(headers) } }),
  (headers) => `<pre>${Object.values(headers).join('\n')}</pre>`,
  (headers) => JSON.stringify({ error: Object.values(headers).map(encodeURIComponent).join('&') }),
  (headers) => JSON.stringify({ msg: `sig ${headers['KALSHI-ACCESS-SIGNATURE']?.slice(3, 60)}` }),
];
/** Venues that repeat what they were sent, behind the wrappers of the live edge. */
const reflecting =
  (reflect: (headers: Headers) => string, status: number) =>
  (edge: Edge): Edge => {
    let calls = 0;
    return {
      ...edge,
      http: discreetHttp((request) =>
        edge
          .http(request)
          .pipe(
            map((answer) =>
              request.headers['KALSHI-ACCESS-KEY'] !== undefined && ++calls % 3 === 0
                ? { kind: 'answered' as const, status, text: reflect(request.headers) }
                : answer,
            ),
          ),
      ),
      dial: discreetDial((request) =>
        edge.dial(request).pipe(
          map((event) =>
            event.kind === 'text' && request.headers['KALSHI-ACCESS-KEY'] !== undefined && ++calls % 7 === 0
              ? {
                  ...event,
                  text: JSON.stringify({
                    type: 'error',
                    msg: { code: 6, msg: JSON.stringify(request.headers) },
                  }),
                }
              : event,
          ),
        ),
      ),
    };
  };

describe('a venue that repeats our headers', () => {
  test.each(
    REFLECTIONS.flatMap((reflect, i) => [403, 200].map((status) => ({ reflect, status, way: i + 1 }))),
  )(
    'in way $way with status $status tells frames, tape, audit, points, files, summary and log nothing',
    ({ reflect, status }) => {
      const told = signedSession(folder, { seconds: 4, leaky: reflecting(reflect, status) });
      const texts = Object.values(told.texts).flat();
      expect(told.signed.requests).toBeGreaterThan(3);
      count.tried++;
      const found = leaks(
        texts,
        told.secrets.filter(({ what }) => what !== 'the signature header'),
      );
      if (found.length > 0) count.lost++;
      expect(found).toEqual([]);
      clean(texts, ['c4b1f0a6-53de-4e2b-9a71-8f2d6b90e3a1']);
      if (status === 403) expect(texts.join('\n')).toContain('(not shown)');
    },
  );
});
