import { generateKeyPairSync } from 'node:crypto';
import { existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { firstValueFrom, of } from 'rxjs';
import type { Asked } from '../../src/cli/doctor/ask.ts';
import { checkBalance } from '../../src/cli/doctor/check-account.ts';
import { checkLocation, checkScope } from '../../src/cli/doctor/check-api-key.ts';
import { checkJournal } from '../../src/cli/doctor/check-journal.ts';
import { checkLiveLimits } from '../../src/cli/doctor/check-live-limits.ts';
import { type DoctorPorts, examine } from '../../src/cli/doctor/examine.ts';
import { accountFolder, liveState } from '../../src/cli/live-state.ts';
import { settingsSchema } from '../../src/config/settings.ts';
import { apiKeysBody } from '../../src/emulator/kalshi/api-keys.ts';
import { openJournal } from '../../src/execution/journal/journal.ts';
import { tapeScheduler } from '../../src/operators/tape-scheduler.ts';
import { discreetHttp } from '../../src/transport/discreet-http.ts';
import type { Http } from '../../src/transport/http.ts';
import { handDial } from '../support/hand-dial.ts';
import { tempFolder } from '../support/temp-folder.ts';

const folder = tempFolder();
const room = (): string => mkdtempSync(join(folder, 'test-'));

/** 12 June 2026, 12:00:00 UTC. */
const NOON = 1_781_265_600_000;
const DAY_MS = 86_400_000;
const KEY_ID = 'c4b1f0a6-53de-4e2b-9a71-8f2d6b90e3a1';
const LIMITS = {
  orderContractsMax: 5,
  openOrdersMax: 2,
  ordersPerMinuteMax: 6,
  dollarsPerDayMax: 20,
  dayLossMaxDollars: 10,
  drawdownMaxDollars: 15,
};

const answered = (json: unknown): Asked => ({
  kind: 'answered',
  json,
  sentMillis: NOON,
  receivedMillis: NOON + 40,
});

describe('checkScope', () => {
  const keys = (scopes: readonly string[] | undefined, id = KEY_ID): Asked =>
    answered({
      api_keys: [
        { api_key_id: 'another', scopes: ['write'] },
        { api_key_id: id, scopes },
      ],
    });

  test('property: a key passes for orders if and only if its own scopes hold write or write::trade', () => {
    const scope = fc.constantFrom(
      'read',
      'write',
      'write::trade',
      'write::transfer',
      'read::portfolio_balance',
    );
    fc.assert(
      fc.property(fc.uniqueArray(scope), (scopes) => {
        const may = scopes.includes('write') || scopes.includes('write::trade');
        expect(checkScope(keys(scopes), KEY_ID, true).kind).toBe(may ? 'ok' : 'fail');
        expect(checkScope(keys(scopes), KEY_ID, false).kind).toBe('ok');
      }),
    );
  });

  test('scopes of another key prove nothing, nor does a list without scopes or of another shape', () => {
    for (const asked of [keys(['write'], 'a third'), keys(undefined), answered({}), answered([])]) {
      expect(checkScope(asked, KEY_ID, true)).toMatchObject({
        kind: 'fail',
        next: expect.stringContaining('write::trade'),
      });
      expect(checkScope(asked, KEY_ID, false).kind).toBe('warn');
    }
  });

  test('the own key is found although the edge hides its id in every answer', async () => {
    const body = {
      api_keys: [
        { api_key_id: 'another', scopes: ['read'] },
        { api_key_id: KEY_ID, scopes: ['write'] },
      ],
    };
    const { text } = (await firstValueFrom(
      discreetHttp(() => of({ kind: 'answered', status: 200, text: JSON.stringify(body) }))({
        method: 'GET',
        url: 'https://kalshi.test/trade-api/v2/api_keys',
        headers: { 'KALSHI-ACCESS-KEY': KEY_ID },
        body: undefined,
        timeoutMs: 1_000,
      }),
    )) as { readonly text: string };
    expect(text).not.toContain(KEY_ID);
    expect(checkScope(answered(JSON.parse(text)), KEY_ID, true)).toEqual({
      kind: 'ok',
      found: 'scopes write',
    });
  });

  test('a refused request is explained, not taken for a missing scope', () => {
    expect(checkScope({ kind: 'refused', status: 502, text: '<html>' }, KEY_ID, true)).toMatchObject({
      kind: 'fail',
      next: expect.stringContaining('wait'),
    });
  });
});

describe('checkLocation', () => {
  const until = (value: unknown): Asked => answered({ api_keys: [], api_key_region_expiration_ts: value });

  test('property: it passes exactly while the attestation holds, with a warning in its last week', () => {
    fc.assert(
      fc.property(fc.integer({ min: -100 * 86_400, max: 100 * 86_400 }), (seconds) => {
        const end = NOON + seconds * 1_000;
        const { kind } = checkLocation(until(end / 1_000), NOON, true);
        expect(kind).toBe(end <= NOON ? 'fail' : end - NOON < 7 * DAY_MS ? 'warn' : 'ok');
      }),
    );
  });

  test('one that lapsed or cannot be read stops orders and not paper; none at all is a warning', () => {
    for (const value of [NOON / 1_000, 1e300, Number.NaN, '2027-01-01']) {
      expect(checkLocation(until(value), NOON, true)).toMatchObject({ kind: 'fail' });
      expect(checkLocation(until(value), NOON, false).kind).toBe('warn');
    }
    for (const value of [undefined, null]) expect(checkLocation(until(value), NOON, true).kind).toBe('warn');
    expect(checkLocation(until(NOON / 1_000 - 60), NOON, true)).toMatchObject({
      found: 'the attestation lapsed at 2026-06-12T11:59Z',
      next: expect.stringContaining('attest your location again'),
    });
  });

  test('the emulator’s own body is read: it holds, and under its fault it has lapsed', () => {
    expect(checkLocation(answered(apiKeysBody([KEY_ID], NOON, false)), NOON, true).kind).toBe('ok');
    expect(checkLocation(answered(apiKeysBody([KEY_ID], NOON, true)), NOON, true).kind).toBe('fail');
    expect(checkScope(answered(apiKeysBody([KEY_ID], NOON, false)), KEY_ID, true).kind).toBe('ok');
  });
});

describe('checkBalance before orders', () => {
  const balance = (rows: readonly (readonly [number, string])[], portfolio_value: number): Asked =>
    answered({
      balance_dollars: rows.reduce((sum, [, dollars]) => sum + Number(dollars), 0).toFixed(4),
      portfolio_value,
      balance_breakdown: rows.map(([exchange_index, dollars]) => ({ exchange_index, balance: dollars })),
    });

  test('property: without cash on the shard orders are refused, unless positions are open to look after', () => {
    const cash = fc.constantFrom('0.0000', '0.0100', '25.5000');
    fc.assert(
      fc.property(cash, cash, fc.nat({ max: 3 }), (elsewhere, here, value) => {
        const { kind } = checkBalance(
          balance(
            [
              [0, elsewhere],
              [2, here],
            ],
            value,
          ),
          2,
          true,
        );
        expect(kind).toBe(Number(here) > 0 ? 'ok' : value > 0 ? 'warn' : 'fail');
      }),
    );
  });
});

describe('checkLiveLimits', () => {
  test('tells the limits, and says which keys to set where there are none', () => {
    expect(checkLiveLimits(settingsSchema.parse({ execution: { live: LIMITS } }).execution.live)).toEqual({
      kind: 'ok',
      found:
        'at most 5 contracts an order, 2 orders open, 6 a minute, $20 a day; halts at a loss of $10 in a day or $15 below the peak',
    });
    const missing = checkLiveLimits(undefined);
    expect(missing.kind).toBe('skipped');
    for (const key of Object.keys(LIMITS)) expect(JSON.stringify(missing)).toContain(key);
  });

  test('the configuration states all of them or none: limits of money and size have no default', () => {
    expect(settingsSchema.parse({}).execution.live).toBeUndefined();
    expect(settingsSchema.parse({ execution: { live: LIMITS } }).execution.live).toMatchObject(LIMITS);
    for (const key of Object.keys(LIMITS)) {
      const live = Object.fromEntries(Object.entries(LIMITS).filter(([name]) => name !== key));
      expect(settingsSchema.safeParse({ execution: { live } }).success).toBe(false);
    }
  });
});

describe('examine for real orders', () => {
  const pair = generateKeyPairSync('ed25519');
  const keyFile = join(folder, 'kalshi.pem');
  writeFileSync(keyFile, pair.privateKey.export({ type: 'pkcs8', format: 'pem' }), { mode: 0o600 });
  const withKey = { KALSHI_KEY_ID: KEY_ID, KALSHI_PRIVATE_KEY_PATH: keyFile };
  const bodies: Readonly<Record<string, unknown>> = {
    '/0/public/Time': { error: [], result: { unixtime: NOON / 1_000, rfc1123: '' } },
    '/trade-api/v2/api_keys': apiKeysBody([KEY_ID], NOON, false),
    '/trade-api/v2/account/limits': {
      usage_tier: 'basic',
      read: { refill_rate: 200, bucket_capacity: 200 },
      write: { refill_rate: 100, bucket_capacity: 100 },
    },
    '/trade-api/v2/exchange/status': { exchange_active: true, trading_active: true },
    '/trade-api/v2/portfolio/balance': {
      balance_dollars: '50.0000',
      balance_breakdown: [{ exchange_index: 2, balance: '50.0000' }],
    },
    '/trade-api/v2/series/KXBTC': { series: { exchange_index: 2 } },
  };
  const venue: Http = ({ url }) =>
    of({ kind: 'answered', status: 200, text: JSON.stringify(bodies[new URL(url).pathname] ?? {}) });
  const ports = (environment: Readonly<Record<string, string>>): DoctorPorts => ({
    http: venue,
    dial: handDial((socket) => {
      socket.open();
      socket.say('{"channel":"status","data":[{"system":"online"}]}');
    }).dial,
    askDate: () =>
      of({
        kind: 'dated',
        fromMillis: NOON,
        untilMillis: NOON + 1,
        sentMillis: NOON,
        receivedMillis: NOON,
      }),
    clock: tapeScheduler(0),
    wallMillis: () => NOON,
    environment,
    nodeVersion: 'v20.19.0',
  });
  const configured = (): string => {
    const file = join(room(), 'v.json');
    writeFileSync(file, JSON.stringify({ execution: { live: LIMITS } }));
    return file;
  };
  const failing = async (
    environment: Readonly<Record<string, string>>,
    options: { readonly config?: string; readonly state: string; readonly orders: boolean },
  ): Promise<readonly string[]> => {
    const rows = await firstValueFrom(examine({ out: folder, ...options }, ports(environment)));
    return rows.filter(({ kind }) => kind === 'fail').map(({ check }) => check);
  };
  const journalOf = (state: string, sealed = true): string => {
    const { journal: path } = liveState(
      settingsSchema.parse({ kalshi: { keyId: KEY_ID } }),
      state,
      process.env,
    );
    const journal = openJournal(path);
    journal.append([{ at: 1, kind: 'opened', body: { session: 'x' } }]);
    if (sealed) journal.close();
    return path;
  };

  test('nothing fails with a key, limits, cash and no journal yet, and nothing is left on the disk', async () => {
    const state = join(room(), 'state');
    expect(await failing(withKey, { config: configured(), state, orders: true })).toEqual([]);
    expect(existsSync(state)).toBe(false);
  });

  test('what paper can do without must be there: the limits and a key', async () => {
    const state = join(room(), 'state');
    expect(await failing(withKey, { state, orders: true })).toEqual(['live limits']);
    expect(await failing(withKey, { state, orders: false })).toEqual([]);
    expect(await failing({}, { config: configured(), state, orders: true })).toEqual([
      'Kalshi key',
      'Kalshi key scope',
      'Kalshi location',
      'Kalshi signature',
      'Kalshi limits',
      'journal',
    ]);
    expect(await failing({}, { state, orders: false })).toEqual([]);
  });

  test('a whole journal passes and stays as it is; one changed byte fails, for paper too', async () => {
    const state = room();
    const path = journalOf(state);
    const home = accountFolder(settingsSchema.parse({ kalshi: { keyId: KEY_ID } }), state, process.env);
    const [bytes, names] = [readFileSync(path), readdirSync(home)];
    expect(await failing(withKey, { config: configured(), state, orders: true })).toEqual([]);
    expect(readFileSync(path)).toEqual(bytes);
    // The database takes its own log away when it is next opened, sooner or later.
    expect(readdirSync(home).filter((name) => !names.includes(name))).toEqual([]);
    bytes[bytes.length - 1] = (bytes.at(-1) ?? 0) ^ 1;
    writeFileSync(path, bytes);
    expect(await failing(withKey, { state, orders: false })).toEqual(['journal']);
  });

  test('a journal that is in use, or was left by a kill, is checked by its rows and passes', () => {
    expect(checkJournal('journal.db', { kind: 'whole', rows: 3, head: 'x', sealed: false })).toEqual({
      kind: 'ok',
      found: '3 rows, none changed; not closed regularly, or in use now',
    });
    expect(checkJournal('journal.db', { kind: 'broken', why: 'row 2 is missing' })).toMatchObject({
      kind: 'fail',
      found: 'journal.db: row 2 is missing',
      next: expect.stringContaining('docs/live.md'),
    });
  });

  test('a folder where the journal should be is a failed row and not a crash', async () => {
    const state = room();
    const home = accountFolder(settingsSchema.parse({ kalshi: { keyId: KEY_ID } }), state, process.env);
    mkdirSync(join(home, 'journal.db'), { recursive: true });
    expect(await failing(withKey, { config: configured(), state, orders: true })).toEqual(['journal']);
  });
});
