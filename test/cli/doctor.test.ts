import { generateKeyPairSync } from 'node:crypto';
import { chmodSync, existsSync, mkdtempSync, readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { EMPTY, firstValueFrom, NEVER, Observable, of, throwError } from 'rxjs';
import { loadBackbone } from '../../pipelines/load/load-backbone.ts';
import type { Asked } from '../../src/cli/doctor/ask.ts';
import { checkBalance, checkLimits } from '../../src/cli/doctor/check-account.ts';
import { checkClock } from '../../src/cli/doctor/check-clock.ts';
import { checkConfig } from '../../src/cli/doctor/check-config.ts';
import { checkDisk } from '../../src/cli/doctor/check-disk.ts';
import { checkExchange, shardOf } from '../../src/cli/doctor/check-exchange.ts';
import { checkInflux } from '../../src/cli/doctor/check-influx.ts';
import { checkKalshiClock, checkKalshiRest, checkKalshiSocket } from '../../src/cli/doctor/check-kalshi.ts';
import { checkKey } from '../../src/cli/doctor/check-key.ts';
import { checkKrakenClock, checkKrakenRest, checkKrakenSocket } from '../../src/cli/doctor/check-kraken.ts';
import { checkModel } from '../../src/cli/doctor/check-model.ts';
import { checkNode } from '../../src/cli/doctor/check-node.ts';
import { type DoctorPorts, examine } from '../../src/cli/doctor/examine.ts';
import { type Check, type DoctorRow, runChecks } from '../../src/cli/doctor/run-checks.ts';
import { table } from '../../src/cli/doctor/table.ts';
import { ok, type Verdict } from '../../src/cli/doctor/verdict.ts';
import { SECOND } from '../../src/domain/time.ts';
import { tapeScheduler } from '../../src/operators/tape-scheduler.ts';
import type { Http, HttpAnswer, HttpRequest } from '../../src/transport/http.ts';
import { withoutSecrets } from '../../src/transport/without-secrets.ts';
import { loadKey } from '../../src/venues/kalshi/key.ts';
import { kalshiSigner } from '../../src/venues/kalshi/sign.ts';
import { describeData } from '../support/data.ts';
import { type HandSocket, handDial } from '../support/hand-dial.ts';
import { tempFolder } from '../support/temp-folder.ts';
import { demoBodies, recorded } from '../venues/kalshi/recorded.ts';

const folder = tempFolder();
const room = (): string => mkdtempSync(join(folder, 'test-'));

/** 12 June 2026, 12:00:00 UTC. */
const NOON = 1_781_265_600_000;
const KEY_ID = 'c4b1f0a6-53de-4e2b-9a71-8f2d6b90e3a1';
const pair = generateKeyPairSync('ed25519');
const pem = pair.privateKey.export({ type: 'pkcs8', format: 'pem' }).toString();
const signer = kalshiSigner(
  { kind: 'key', keyId: KEY_ID, type: 'ed25519', privateKey: pair.privateKey },
  () => NOON,
);

const answered = (json: unknown, takesMillis = 40): Asked => ({
  kind: 'answered',
  json,
  sentMillis: NOON,
  receivedMillis: NOON + takesMillis,
});
const refused = (status: number, body: unknown): Asked => ({
  kind: 'refused',
  status,
  text: typeof body === 'string' ? body : JSON.stringify(body),
});
const unreachable: Asked = { kind: 'failed', why: 'connect ECONNREFUSED' };
const krakenTime = (unixtime: number): Asked => answered({ error: [], result: { unixtime, rfc1123: '' } });

/** The one verdict of a check on a socket that the test plays. */
const verdictOf = (
  look: (dial: ReturnType<typeof handDial>['dial']) => Observable<Verdict>,
  play: (socket: HandSocket) => void,
): { readonly verdict: Verdict | undefined; readonly socket: HandSocket } => {
  const { dial, sockets } = handDial();
  let verdict: Verdict | undefined;
  const looking = look(dial).subscribe((value) => {
    verdict ??= value;
  });
  const [socket] = sockets;
  if (!socket) throw new Error('nothing was dialled');
  play(socket);
  looking.unsubscribe();
  return { verdict, socket };
};

describe('checkNode', () => {
  test.each([
    ['v20.19.0', '>=20.19', 'ok'],
    ['v20.20.2', '>=20.19', 'ok'],
    ['v22.1.0', '>=20.19', 'ok'],
    ['v20.18.9', '>=20.19', 'fail'],
    ['v9.99.0', '>=20.19', 'fail'],
    ['v20.19.0', '>=20.19.1', 'fail'],
    ['v20.19.0', '^20 || >=22', 'warn'],
  ])('%s where %s is asked for is %s', (version, engines, kind) => {
    expect(checkNode(version, engines).kind).toBe(kind);
  });
});

describe('checkConfig', () => {
  test('a good file is named with the variables above it, without their values', () => {
    const file = join(room(), 'v.yaml');
    writeFileSync(file, 'label: mine\n');
    const { verdict, settings } = checkConfig(file, { KALSHI_KEY_ID: 'abc', VOLTAGE_LABEL: '' });
    expect(verdict).toEqual(ok(`${file}; from the environment: KALSHI_KEY_ID`));
    expect(settings).toMatchObject({ label: 'mine', kalshi: { keyId: 'abc' } });
  });

  test('every problem is told by line or variable, and the defaults stand in', () => {
    const file = join(room(), 'v.yaml');
    writeFileSync(file, 'risk:\n  ordersOpenMax: many\nkraken:\n  bookDepth: 11\n');
    const { verdict, settings } = checkConfig(file, { VOLTAGE_LABEL: 'kept' });
    expect(verdict).toMatchObject({
      kind: 'fail',
      found: expect.stringMatching(/v\.yaml:4: .*; .*v\.yaml:2: /),
    });
    expect(settings).toMatchObject({ label: 'kept', kraken: { bookDepth: 10 } });
  });

  test('a file that is not there and a bad variable fail, and still there are settings to go by', () => {
    const missing = checkConfig(join(folder, 'nowhere.yaml'), {});
    expect(missing.verdict).toMatchObject({ kind: 'fail', found: expect.stringContaining('cannot be read') });
    const bad = checkConfig(undefined, { KALSHI_ENVIRONMENT: 'test' });
    expect(bad.verdict).toMatchObject({
      kind: 'fail',
      found: expect.stringMatching(/^KALSHI_ENVIRONMENT: /),
    });
    expect(bad.settings.kalshi.environment).toBe('prod');
  });

  test('YAML that cannot be made into a value fails and does not throw', () => {
    const file = join(room(), 'v.yaml');
    writeFileSync(file, 'label: *nobody\n');
    expect(checkConfig(file, {}).verdict.kind).toBe('fail');
  });
});

describe('checkClock', () => {
  const reading = (offsetMillis: number) => ({
    fromMillis: NOON,
    untilMillis: NOON,
    sentMillis: NOON + offsetMillis,
    receivedMillis: NOON + offsetMillis,
  });

  test.each([
    [0, 'ok'],
    [1_000, 'ok'],
    [-1_000, 'ok'],
    [1_001, 'warn'],
    [-1_001, 'warn'],
    [5_000, 'warn'],
    [-5_000, 'warn'],
    [5_001, 'fail'],
    [-5_001, 'fail'],
    [Number.NaN, 'fail'],
  ])('%d ms off is %s', (offset, kind) => {
    expect(checkClock(reading(offset)).kind).toBe(kind);
  });

  test('the sign tells who is ahead: this machine fast is +, slow is −', () => {
    expect(checkClock(reading(2_500)).found).toMatch(/^\+2\.5 s/);
    expect(checkClock(reading(-2_500)).found).toMatch(/^−2\.5 s/);
  });

  test('property: whatever the way takes, what is told holds the true offset within its own error', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: -20_000, max: 20_000 }),
        fc.integer({ min: 0, max: 3_000 }),
        fc.integer({ min: 0, max: 3_000 }),
        fc.integer({ min: 0, max: 999 }),
        (offset, there, back, part) => {
          const venueMillis = NOON + part;
          const { found } = checkClock({
            fromMillis: NOON,
            untilMillis: NOON + 1_000,
            sentMillis: venueMillis - there + offset,
            receivedMillis: venueMillis + back + offset,
          });
          const [, told = '', error = ''] = /^([+−][\d.]+) s ± ([\d.]+) s/.exec(found) ?? [];
          const tenth = 100.001;
          expect(Math.abs(Number(told.replace('−', '-')) * 1000 - offset)).toBeLessThanOrEqual(
            Number(error) * 1000 + tenth,
          );
        },
      ),
    );
  });
});

describe('checks of Kraken', () => {
  test('REST is well when Time answers in its shape', () => {
    expect(checkKrakenRest(krakenTime(NOON / 1000))).toEqual(ok('answered in 40 ms'));
    expect(checkKrakenRest(unreachable)).toMatchObject({ kind: 'fail', found: 'connect ECONNREFUSED' });
    expect(checkKrakenRest(answered({ hello: 1 })).kind).toBe('fail');
    expect(checkKrakenRest(answered({ error: ['EService:Unavailable'] }))).toMatchObject({
      kind: 'fail',
      found: 'EService:Unavailable',
    });
    expect(checkKrakenRest(refused(401, 'sign in to the proxy'))).toMatchObject({
      kind: 'fail',
      next: expect.stringContaining('kraken.restUrl'),
    });
    expect(checkKrakenRest(refused(429, '')).kind).toBe('warn');
    expect(checkKrakenRest(refused(503, 'service unavailable'))).toMatchObject({
      kind: 'fail',
      next: expect.stringContaining('wait'),
    });
  });

  test('the clock goes by the same answer, and without one is skipped, not failed twice', () => {
    expect(checkKrakenClock(krakenTime(NOON / 1000)).kind).toBe('ok');
    expect(checkKrakenClock(krakenTime(NOON / 1000 - 3)).kind).toBe('warn');
    expect(checkKrakenClock(krakenTime(NOON / 1000 + 60)).kind).toBe('fail');
    expect(checkKrakenClock(unreachable).kind).toBe('skipped');
    expect(checkKrakenClock(answered({ error: ['EGeneral:Internal error'] })).kind).toBe('skipped');
  });

  const status = (system: string): string =>
    `{"channel":"status","type":"update","data":[{"system":"${system}","api_version":"v2","connection_id":1,"version":"2.0.0"}]}`;
  const looked = (play: (socket: HandSocket) => void) =>
    verdictOf((dial) => checkKrakenSocket(dial, 'wss://kraken.test/v2'), play).verdict;

  test('the socket is well once its status says online, and not before', () => {
    expect(looked((socket) => socket.open())).toBeUndefined();
    expect(
      looked((socket) => {
        socket.open();
        socket.say('{"channel":"heartbeat"}');
        socket.say(status('online'));
      }),
    ).toEqual(ok('opened; the market is online'));
    expect(
      looked((socket) => {
        socket.open();
        socket.say(status('maintenance'));
      }),
    ).toMatchObject({ kind: 'warn', found: expect.stringContaining('maintenance') });
  });

  test('a socket that closes or is refused fails with the reason', () => {
    expect(looked((socket) => socket.end({ detail: 'connect ECONNREFUSED' }))).toMatchObject({
      kind: 'fail',
      found: 'connect ECONNREFUSED',
      next: expect.stringContaining('kraken.wsUrl'),
    });
    expect(looked((socket) => socket.end({ code: 1001, detail: '' }))).toMatchObject({
      found: 'closed with code 1001',
    });
    expect(looked((socket) => socket.end({ status: 403, detail: 'banned' }))).toMatchObject({
      kind: 'fail',
      found: expect.stringMatching(/^403 .*banned/),
    });
  });
});

describe('checks of Kalshi', () => {
  const looked = (play: (socket: HandSocket) => void, by?: typeof signer) =>
    verdictOf((dial) => checkKalshiSocket(dial, 'wss://kalshi.test/trade-api/ws/v2', by), play);

  test('REST is well when the status answers; a refusal and silence fail', () => {
    expect(checkKalshiRest(answered({}))).toEqual(ok('answered in 40 ms'));
    expect(checkKalshiRest(unreachable)).toMatchObject({
      kind: 'fail',
      next: expect.stringContaining('kalshi.restUrl'),
    });
    expect(checkKalshiRest(refused(404, '404 page not found'))).toMatchObject({
      kind: 'fail',
      next: expect.stringContaining('kalshi.restUrl'),
    });
  });

  test('the clock goes by the Date header, and without one is skipped', () => {
    const at = (from: number) =>
      checkKalshiClock({
        kind: 'dated',
        fromMillis: from,
        untilMillis: from + 1_000,
        sentMillis: NOON,
        receivedMillis: NOON + 100,
      }).kind;
    expect([at(NOON), at(NOON + 2_000), at(NOON - 10_000)]).toEqual(['ok', 'warn', 'fail']);
    expect(checkKalshiClock({ kind: 'failed', why: 'no Date' })).toMatchObject({ kind: 'skipped' });
  });

  test('the socket is dialled signed where there is a key, and opening is enough', () => {
    const { verdict, socket } = looked((each) => each.open(), signer);
    expect(verdict).toEqual(ok('opened, signed'));
    expect(Object.keys(socket.request.headers)).toContain('KALSHI-ACCESS-SIGNATURE');
    expect(socket.request.headers).toEqual(signer.headers('GET', '/trade-api/ws/v2'));
    expect(socket.left()).toBe(true);
  });

  test('without a key a 401 shows that the socket is there; with one it is a failure that says why', () => {
    const unauthorised = (details: string) => ({
      status: 401,
      detail: JSON.stringify({ error: { code: 'authentication_error', details } }),
    });
    expect(looked((socket) => socket.end(unauthorised('NOT_FOUND'))).verdict?.kind).toBe('ok');
    expect(looked((socket) => socket.end(unauthorised('NOT_FOUND')), signer).verdict).toMatchObject({
      kind: 'fail',
      found: '401 authentication_error: NOT_FOUND',
      next: expect.stringContaining('KALSHI_KEY_ID'),
    });
    expect(looked((socket) => socket.end({ detail: 'reset' })).verdict?.kind).toBe('fail');
  });
});

describe('checkKey', () => {
  const fileOf = (content: string, mode = 0o600): string => {
    const path = join(room(), 'key.pem');
    writeFileSync(path, content);
    chmodSync(path, mode);
    return path;
  };
  const looked = (privateKeyPath: string) => checkKey(loadKey({ keyId: KEY_ID, privateKeyPath }));

  test('tells the type of a good key and nothing else of it', () => {
    expect(looked(fileOf(pem))).toEqual(ok('Ed25519; nobody else may read its file'));
    const { privateKey } = generateKeyPairSync('rsa', { modulusLength: 2048 });
    expect(looked(fileOf(privateKey.export({ type: 'pkcs1', format: 'pem' }).toString()))).toEqual(
      ok('RSA, 2048 bits; nobody else may read its file'),
    );
  });

  test('a file that others may read, that is missing or that is no key fails with what to do', () => {
    expect(looked(fileOf(pem, 0o644))).toMatchObject({
      kind: 'fail',
      found: expect.stringContaining('mode 644'),
      next: expect.stringContaining('chmod 600'),
    });
    expect(looked(join(folder, 'nowhere.pem')).kind).toBe('fail');
    expect(looked(fileOf('hello')).kind).toBe('fail');
    expect(checkKey(loadKey({ keyId: KEY_ID })).kind).toBe('fail');
  });

  test('no key is no failure, and the row says what goes without', () => {
    expect(checkKey(undefined)).toMatchObject({
      kind: 'skipped',
      next: expect.stringContaining('KALSHI_KEY_ID'),
    });
  });
});

describe('checks of the account', () => {
  const balance = (...cash: readonly (readonly [shard: number, dollars: string])[]) =>
    answered({
      balance_dollars: '98.0186',
      balance_breakdown: cash.map(([exchange_index, dollars]) => ({ exchange_index, balance: dollars })),
    });

  test('cash on the shard of the contracts is well, cash elsewhere alone is a warning that names the shard', () => {
    expect(checkBalance(balance([0, '1.0000'], [2, '5.0000']), 2)).toEqual(
      ok('accepted; $1.0000 on shard 0, $5.0000 on shard 2'),
    );
    expect(checkBalance(balance([0, '98.0186'], [2, '0.0000']), 2)).toMatchObject({
      kind: 'warn',
      found: 'accepted; $98.0186 on shard 0',
      next: expect.stringContaining('shard 2'),
    });
    expect(checkBalance(balance([0, '98.0186']), undefined).kind).toBe('ok');
    expect(checkBalance(answered({ balance_dollars: '0.0000' }), 2)).toEqual(ok('accepted; cash $0.0000'));
    expect(checkBalance(answered('?'), 2).kind).toBe('warn');
  });

  test.each([
    ['authentication_error', 'NOT_FOUND', /KALSHI_KEY_ID/],
    ['authentication_error', 'INCORRECT_API_KEY_SIGNATURE', /private key is another/],
    ['header_timestamp_expired', undefined, /clock of this machine/],
    ['signature_is_missing_from_headers', undefined, /no signature was sent/],
  ])('a 401 of %s %s is explained as what to do', (code, details, next) => {
    const verdict = checkBalance(refused(401, { error: { code, message: code, details } }), 2);
    expect(verdict).toMatchObject({ kind: 'fail', next: expect.stringMatching(next) });
    expect(verdict.found).toBe([`401 ${code}`, ...(details ? [details] : [])].join(': '));
  });

  test('a key without the scope, an exchange in trouble and no network each say so', () => {
    expect(checkLimits(refused(403, { error: 'forbidden' }))).toMatchObject({
      kind: 'fail',
      next: expect.stringContaining('scope'),
    });
    expect(checkLimits(refused(502, '<html>'))).toMatchObject({ next: expect.stringContaining('wait') });
    expect(checkLimits(refused(429, { error: 'too many requests' })).kind).toBe('warn');
    expect(checkLimits(unreachable).kind).toBe('fail');
  });

  test('limits of another shape are a warning', () => {
    const bucket = { refill_rate: 200, bucket_capacity: 600 };
    expect(checkLimits(answered({ usage_tier: 'basic', read: bucket, write: bucket })).kind).toBe('ok');
    expect(checkLimits(answered({ usage_tier: 'basic', read: bucket })).kind).toBe('warn');
    expect(checkLimits(answered([])).kind).toBe('warn');
  });
});

describe('checkExchange', () => {
  const row = (exchange_index: number, exchange_active: boolean, trading_active: boolean) => ({
    exchange_index,
    exchange_active,
    trading_active,
  });
  const status = (...rows: readonly ReturnType<typeof row>[]) =>
    answered({ exchange_active: true, trading_active: true, exchange_index_statuses: rows });

  test('the shard’s own row counts, not the exchange as a whole', () => {
    expect(checkExchange(status(row(0, false, false), row(2, true, true)), 2)).toEqual(
      ok('shard 2: open and trading'),
    );
    expect(checkExchange(status(row(0, true, true), row(2, true, false)), 2).kind).toBe('warn');
    expect(checkExchange(status(row(0, true, true), row(2, false, false)), 2).kind).toBe('fail');
  });

  test('without rows the whole counts, an estimate of its return is told, and silence is not "open"', () => {
    expect(checkExchange(answered({ exchange_active: true, trading_active: true }), 2).kind).toBe('ok');
    expect(
      checkExchange(
        answered({
          exchange_active: false,
          trading_active: false,
          exchange_estimated_resume_time: '2026-06-12T13:00:00Z',
        }),
        2,
      ),
    ).toMatchObject({ kind: 'fail', found: expect.stringContaining('2026-06-12T13:00:00Z') });
    expect(checkExchange(answered({}), 2).kind).toBe('fail');
    expect(checkExchange(answered('?'), 2).kind).toBe('warn');
    expect(checkExchange(unreachable, 2).kind).toBe('skipped');
  });

  test('a shard that nobody told is a warning, whatever the whole says', () => {
    expect(checkExchange(status(row(2, true, true)), undefined).kind).toBe('warn');
    expect(shardOf(answered({ series: {} }))).toBeUndefined();
    expect(shardOf(unreachable)).toBeUndefined();
  });
});

describeData('the doctor on recorded bodies', () => {
  const body = (name: string): Asked =>
    answered(JSON.parse(demoBodies().find((each) => each.name === name)?.text ?? 'null'));

  test('reads the account’s balance and limits, the exchange’s status and the series’ shard', () => {
    expect(checkBalance(body('auth__balance_ok'), 0)).toEqual(ok('accepted; $98.0186 on shard 0'));
    expect(checkLimits(body('account__limits'))).toEqual(
      ok('tier basic; tokens a second: read 200 (up to 200), write 100 (up to 100)'),
    );
    expect(checkExchange(body('exchange__status'), 2)).toEqual(
      ok('the exchange as a whole: open and trading (it says nothing of shard 2)'),
    );
    expect(shardOf(answered(JSON.parse(recorded('rest_series_KXBTCD_2026-09-25.json'))))).toBe(2);
  });
});

describe('checkModel', () => {
  test('tells what the shipped backbone was fitted on, and why another does not load', () => {
    expect(checkModel(() => loadBackbone())).toMatchObject({
      kind: 'ok',
      found: expect.stringMatching(/^backbone of \d+ features .* to 20\d\d-\d\d-\d\d$/),
    });
    const file = join(room(), 'model.json');
    writeFileSync(file, '{}');
    expect(checkModel(() => loadBackbone(file))).toMatchObject({
      kind: 'fail',
      found: expect.stringContaining('model.json'),
      next: expect.stringContaining('fit-backbone'),
    });
  });
});

describe('checkDisk', () => {
  const GIGABYTE = 1e9;

  test('a writable folder with room is well and is left as it was', async () => {
    const at = room();
    expect(await checkDisk(at, async () => 5 * GIGABYTE)).toEqual(ok(`${at} can be written to; 5.0 GB free`));
    expect(readdirSync(at)).toEqual([]);
    expect((await checkDisk(at)).kind).not.toBe('fail');
  });

  test('less than 5 GB is a warning', async () => {
    expect(await checkDisk(room(), async () => 4.9 * GIGABYTE)).toMatchObject({ kind: 'warn' });
    expect(await checkDisk(room(), async () => Number.NaN)).toMatchObject({ kind: 'warn' });
  });

  test('a folder to be made is judged by the one above it, and is not made', async () => {
    const at = room();
    const asked: string[] = [];
    const verdict = await checkDisk(join(at, 'a', 'b'), async (where) => {
      asked.push(where);
      return 6 * GIGABYTE;
    });
    expect([verdict.kind, asked, existsSync(join(at, 'a'))]).toEqual(['ok', [at], false]);
  });

  test('what is a file, or lies below one, cannot be written to', async () => {
    const file = join(room(), 'file');
    writeFileSync(file, '');
    for (const at of [file, join(file, 'below')])
      expect(await checkDisk(at)).toMatchObject({ kind: 'fail', next: expect.stringContaining('--out') });
  });
});

describe('checkInflux', () => {
  const asked: HttpRequest[] = [];
  const looked = (url: string | undefined, answer: HttpAnswer) =>
    firstValueFrom(
      checkInflux((request) => {
        asked.push(request);
        return of(answer);
      }, url),
    );
  const status = (code: number): HttpAnswer => ({ kind: 'answered', status: code, text: '' });

  test('pings where the address says, and never tells its password', async () => {
    const verdict = await looked('http://me:secret@influx.test:8087/mine', status(204));
    expect(verdict).toEqual(ok('http://influx.test:8087/mine answers'));
    expect(asked.at(-1)?.url).toBe('http://influx.test:8087/ping');
  });

  test('silence is a warning, since lanes run without it; a bad address fails, since they do not', async () => {
    expect(
      await looked('http://influx.test', { kind: 'failed', why: 'refused', arrived: false }),
    ).toMatchObject({
      kind: 'warn',
      found: expect.stringContaining('refused'),
    });
    expect((await looked('http://influx.test', status(502))).kind).toBe('warn');
    const bad = await looked('ftp://me:secret@influx.test', status(204));
    expect(bad.kind).toBe('fail');
    expect(JSON.stringify(bad)).not.toContain('secret');
    expect((await looked(undefined, status(204))).kind).toBe('skipped');
  });
});

describe('runChecks', () => {
  const named = (name: string, run: Check['run']): Check => ({ name, hint: `mend ${name}`, run });
  const rowsOf = (checks: readonly Check[], seconds: number): readonly DoctorRow[] | undefined => {
    const clock = tapeScheduler(0);
    let rows: readonly DoctorRow[] | undefined;
    runChecks(checks, clock, 3_000).subscribe((value) => {
      rows = value;
    });
    clock.runTo(seconds * SECOND);
    return rows;
  };

  test('one that throws, errs, ends or hangs fails alone, in its place, with what to do', () => {
    const rows = rowsOf(
      [
        named('first', () => of(ok('well'))),
        named('throws', () => {
          throw new Error('broke');
        }),
        named('errs', () => throwError(() => new Error('erred'))),
        named('ends', () => EMPTY),
        named('hangs', () => NEVER),
        named('last', () => of(ok('well'), ok('too late'))),
      ],
      3,
    );
    expect(rows).toEqual([
      { check: 'first', kind: 'ok', found: 'well' },
      { check: 'throws', kind: 'fail', found: 'broke', next: 'mend throws' },
      { check: 'errs', kind: 'fail', found: 'erred', next: 'mend errs' },
      { check: 'ends', kind: 'fail', found: 'the check ended without a verdict', next: 'mend ends' },
      { check: 'hangs', kind: 'fail', found: 'no answer within 3 s', next: 'mend hangs' },
      { check: 'last', kind: 'ok', found: 'well' },
    ]);
  });

  test('all are under way at once, and what hangs is let go', () => {
    let running = 0;
    const hanging = () =>
      new Observable<Verdict>(() => {
        running++;
        return () => {
          running--;
        };
      });
    const clock = tapeScheduler(0);
    runChecks([named('a', hanging), named('b', hanging)], clock, 3_000).subscribe();
    expect(running).toBe(2);
    clock.runTo(3 * SECOND);
    expect([running, clock.pending()]).toEqual([0, 0]);
  });

  test('there are no rows before the last check is done', () => {
    expect(rowsOf([named('a', () => of(ok('well'))), named('b', () => NEVER)], 2.9)).toBeUndefined();
  });

  test('a secret in what was found or in what to do is not told', () => {
    const rows = rowsOf([named('a', () => of({ kind: 'fail', found: pem, next: `see ${pem}` }))], 0);
    expect(rows).toEqual([{ check: 'a', kind: 'fail', found: '(not shown)\n', next: 'see (not shown)\n' }]);
  });
});

describe('withoutSecrets', () => {
  const body = pem.replaceAll(/-----[^-]+-----|\s/g, '');

  test('keys in PEM go, whole, cut off, spelt as JSON or without their marks', () => {
    const { privateKey } = generateKeyPairSync('rsa', { modulusLength: 2048 });
    const long = privateKey.export({ type: 'pkcs8', format: 'pem' }).toString();
    const bare = long.replaceAll(/-----[^-]+-----/g, '').trim();
    for (const text of [
      pem,
      long,
      JSON.stringify(long),
      long.slice(0, 90),
      body,
      bare,
      bare.replaceAll('\n', ' '),
    ]) {
      const told = withoutSecrets(`there is no file at ${text}`);
      expect(told).toContain('(not shown)');
      for (let i = 0; i + 24 <= text.length; i += 8) expect(told).not.toContain(text.slice(i, i + 24));
    }
  });

  test('a signature and a password of an address go, the words about them stay', () => {
    const signature = signer.headers('GET', '/x')['KALSHI-ACCESS-SIGNATURE'] ?? '';
    expect(withoutSecrets(`401 bad: ${signature} for GET`)).toBe('401 bad: (not shown) for GET');
    expect(withoutSecrets('was "http://me:secret@host:8086/db"')).toBe(
      'was "http://(not shown)@host:8086/db"',
    );
  });

  test('half a signature, where a long answer is cut, goes too', () => {
    const signature = signer.headers('GET', '/x')['KALSHI-ACCESS-SIGNATURE'] ?? '';
    for (let before = 150; before < 200; before++) {
      const { found } = checkLimits(refused(418, `${'so '.repeat(100).slice(0, before)}${signature}`));
      expect(found).not.toContain(signature.slice(0, 5));
    }
  });

  test('paths, addresses and key ids are told as they are', () => {
    for (const text of [
      `/home/somebody/projects/trading/kalshi/voltage/recordings/november/first/key.pem ${KEY_ID}`,
      'https://external-api.kalshi.com/trade-api/v2/portfolio/balance?exchange_index=2',
      'me@example.com',
    ])
      expect(withoutSecrets(text)).toBe(text);
  });
});

describe('table', () => {
  const rows: readonly DoctorRow[] = [
    { check: 'Node', kind: 'ok', found: 'v20' },
    { check: 'disk', kind: 'fail', found: 'it is full of old tapes', next: 'make room on the disk' },
  ];

  test('has a head, a rule, and a long text goes on in its own column', () => {
    expect(table(rows, 57)).toEqual([
      'check  state  found                 what to do next',
      '─────  ─────  ────────────────────  ─────────────────────',
      'Node   ok     v20',
      'disk   fail   it is full of old     make room on the disk',
      '              tapes',
    ]);
  });

  test('a text has the room that the other does not need', () => {
    expect(table(rows, 60).at(-1)).toBe('disk   fail   it is full of old tapes  make room on the disk');
  });

  test('what a venue said does not steer the terminal', () => {
    const [line = ''] = table(
      [{ check: 'x', kind: 'ok', found: 'a\u001b[2J\u009b31m\r\nb\u202ec' }],
      80,
    ).slice(-1);
    expect(line).toBe('x      ok     a [2J 31m b c');
  });

  test('property: no line is wider than asked, and no word is lost', () => {
    const words = fc.array(fc.stringMatching(/^[a-z]{1,40}$/, { size: 'max' }), { maxLength: 30 });
    fc.assert(
      fc.property(
        fc.array(fc.tuple(words, words), { maxLength: 5 }),
        fc.integer({ min: 58, max: 160 }),
        (texts, width) => {
          const lines = table(
            texts.map(([found, next]) => ({
              check: 'check',
              kind: 'warn',
              found: found.join(' '),
              next: next.join(' '),
            })),
            width,
          );
          for (const line of lines) expect(line.length).toBeLessThanOrEqual(width);
          const letters = (text: string): string => [...text.replace(/[^a-z]/g, '')].sort().join('');
          expect(letters(lines.slice(2).join(''))).toBe(
            letters(texts.map(([found, next]) => `checkwarn${found.join('')}${next.join('')}`).join('')),
          );
        },
      ),
    );
  });
});

describe('examine', () => {
  const keyFile = join(folder, 'kalshi.pem');
  writeFileSync(keyFile, pem, { mode: 0o600 });

  const ports = (http: Http, environment: Readonly<Record<string, string>>): DoctorPorts => ({
    http,
    dial: handDial((socket) => socket.end({ status: 401, detail: JSON.stringify(socket.request.headers) }))
      .dial,
    askDate: () => of({ kind: 'failed', why: 'no Date' }),
    clock: tapeScheduler(0),
    wallMillis: () => NOON,
    environment,
    nodeVersion: 'v20.19.0',
  });
  /** A venue that answers with all that it was sent. */
  const echo: Http = ({ headers }) => of({ kind: 'answered', status: 401, text: JSON.stringify(headers) });
  const examined = (http: Http, environment: Readonly<Record<string, string>>, config?: string) =>
    firstValueFrom(examine({ config, out: folder }, ports(http, environment)));

  test('each address is asked once, and only what needs a signature is signed', async () => {
    const asked: string[] = [];
    const http: Http = (request) => {
      asked.push(`${request.headers['KALSHI-ACCESS-KEY'] ? 'signed ' : ''}${request.url}`);
      return of({ kind: 'answered', status: 200, text: '{}' });
    };
    await examined(http, { KALSHI_KEY_ID: KEY_ID, KALSHI_PRIVATE_KEY_PATH: keyFile });
    const kalshi = 'https://external-api.kalshi.com/trade-api/v2';
    expect(asked.sort()).toEqual([
      'https://api.kraken.com/0/public/Time',
      `${kalshi}/exchange/status`,
      `${kalshi}/series/KXBTC`,
      `${kalshi}/series?category=Crypto`,
      `signed ${kalshi}/account/limits`,
      `signed ${kalshi}/api_keys`,
      `signed ${kalshi}/portfolio/balance`,
    ]);
  });

  test('a broken configuration and a missing key hide no other row', async () => {
    const file = join(room(), 'v.yaml');
    writeFileSync(file, 'nobody: 1\n');
    const good = await examined(echo, {});
    const bad = await examined(echo, {}, file);
    expect(bad.map(({ check }) => check)).toEqual(good.map(({ check }) => check));
    expect(bad.find(({ check }) => check === 'configuration')?.kind).toBe('fail');
    expect(bad.filter(({ check }) => check !== 'configuration')).toEqual(
      good.filter(({ check }) => check !== 'configuration'),
    );
    expect(good.find(({ check }) => check === 'backbone')?.kind).toBe('ok');
    expect(good.find(({ check }) => check === 'Kalshi signature')?.kind).toBe('skipped');
  });

  test('no key and no signature is told, not even by a venue that repeats all it was sent', async () => {
    const rows = await examined(echo, { KALSHI_KEY_ID: KEY_ID, KALSHI_PRIVATE_KEY_PATH: keyFile });
    const told = JSON.stringify(rows);
    const signature =
      signer.headers('GET', '/trade-api/v2/portfolio/balance')['KALSHI-ACCESS-SIGNATURE'] ?? '?';
    expect(rows.find(({ check }) => check === 'Kalshi signature')?.kind).toBe('fail');
    expect(told).not.toContain(signature.slice(0, 12));
    const pasted = await examined(echo, { KALSHI_KEY_ID: KEY_ID, KALSHI_PRIVATE_KEY_PATH: pem });
    expect(JSON.stringify(pasted)).not.toContain(pem.split('\n')[1]?.slice(0, 12));
  });
});
