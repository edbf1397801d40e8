import { createHash } from 'node:crypto';
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { runLog } from '../../pipelines/run/run-log.ts';
import type { AuditEvent } from '../../src/domain/events/audit.ts';
import { tempFolder } from '../support/temp-folder.ts';
import { decisionAt, sampleEvents } from '../telemetry/samples.ts';

const root = tempFolder();
/** A folder of one test's own. */
const room = (): string => mkdtempSync(join(root, 'test-'));
const AT = 1_778_504_400_000_000;

const sha256 = (bytes: Buffer | string): string => createHash('sha256').update(bytes).digest('hex');
const linesOf = (path: string): readonly { kind?: string }[] =>
  readFileSync(path, 'utf8')
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => JSON.parse(line));
const addAll = (log: ReturnType<typeof runLog>, events: readonly AuditEvent[]): void => {
  for (const event of events) log.add(event);
};

describe('runLog', () => {
  test('each event goes to its own file, in order, and what is neither goes to none', () => {
    const folder = room();
    const log = runLog(folder);
    const events = sampleEvents(AT);
    addAll(log, events);
    log.close();
    log.summarise({});
    expect(linesOf(join(folder, 'decisions.ndjson'))).toHaveLength(2);
    expect(linesOf(join(folder, 'orders.ndjson')).map(({ kind }) => kind)).toEqual([
      'orderSent',
      'orderSubmitted',
      'orderUnknown',
      'orderResting',
      'orderDone',
      'orderRejected',
    ]);
    expect(linesOf(join(folder, 'fills.ndjson')).map(({ kind }) => kind)).toEqual([
      'fill',
      'settlement',
      'divergence',
      'difference',
    ]);
  });

  test('the hash is that of decisions.ndjson, and the same without any file', () => {
    const folder = room();
    const [written, silent] = [runLog(folder), runLog(undefined)];
    for (const log of [written, silent]) addAll(log, sampleEvents(AT));
    const hash = written.close();
    written.summarise({});
    expect(hash).toBe(sha256(readFileSync(join(folder, 'decisions.ndjson'))));
    expect(silent.close()).toBe(hash);
    expect(runLog(undefined).close()).toBe(sha256(''));
  });

  test('more lines than wait at once are all written, in order, and hashed once', () => {
    const folder = room();
    const log = runLog(folder);
    // Beyond two megabytes of text, with characters of several bytes.
    const many = 3_000;
    for (let id = 1; id <= many; id++) log.add({ ...decisionAt(AT, ['edge']), id, ticker: `KXBTCD-·${id}` });
    const hash = log.close();
    log.summarise({});
    const file = readFileSync(join(folder, 'decisions.ndjson'));
    expect(file.length).toBeGreaterThan(1 << 20);
    expect(sha256(file)).toBe(hash);
    const ids = (linesOf(join(folder, 'decisions.ndjson')) as readonly { id: number }[]).map(({ id }) => id);
    expect(ids).toEqual(Array.from({ length: many }, (_, i) => i + 1));
  });

  test('files appear under their names only when they are complete', () => {
    const folder = join(room(), 'made', 'on the way');
    const log = runLog(folder, 'SIMULATED-');
    addAll(log, sampleEvents(AT));
    expect(readdirSync(folder).filter((name) => !name.endsWith('.part'))).toEqual(['run.lock']);
    log.close();
    expect(readdirSync(folder).filter((name) => !name.endsWith('.part'))).toEqual(['run.lock']);
    log.summarise({ lane: 'test' });
    expect(readdirSync(folder).sort()).toEqual([
      'SIMULATED-decisions.ndjson',
      'SIMULATED-fills.ndjson',
      'SIMULATED-orders.ndjson',
      'SIMULATED-summary.json',
    ]);
    expect(JSON.parse(readFileSync(join(folder, 'SIMULATED-summary.json'), 'utf8'))).toEqual({
      lane: 'test',
    });
  });

  test('property: an order, a fill or a settlement is in its file when it was added, and a decision after a flush', () => {
    const events = sampleEvents(AT);
    fc.assert(
      fc.property(fc.array(fc.nat(events.length - 1), { maxLength: 30 }), (picks) => {
        const folder = room();
        const log = runLog(folder);
        const want = { decisions: 0, orders: 0, fills: 0 };
        for (const event of picks.map((i) => events[i] as AuditEvent)) {
          log.add(event);
          if (event.kind === 'decision') want.decisions++;
          else if (event.kind.startsWith('order')) want.orders++;
          else if (['fill', 'settlement', 'difference', 'divergence'].includes(event.kind)) want.fills++;
          for (const name of ['orders', 'fills'] as const)
            expect(linesOf(join(folder, `${name}.ndjson.part`))).toHaveLength(want[name]);
        }
        log.flush();
        expect(linesOf(join(folder, 'decisions.ndjson.part'))).toHaveLength(want.decisions);
        log.fail(() => ({}));
      }),
      { numRuns: 50 },
    );
  });

  test('orders that wait are in their file, after the decision that they came of, at the next flush, and in what a failed run leaves', () => {
    const orders = sampleEvents(AT).filter(({ kind }) => kind === 'decision' || kind.startsWith('order'));
    const [flushed, failed, atOnce] = [room(), room(), room()];
    const [first, second, plain] = [
      runLog(flushed, '', { ordersWait: true }),
      runLog(failed, '', { ordersWait: true }),
      runLog(atOnce),
    ];
    for (const event of orders) for (const log of [first, second, plain]) log.add(event);
    for (const name of ['orders', 'decisions'])
      expect(linesOf(join(flushed, `${name}.ndjson.part`))).toEqual([]);
    first.flush();
    second.fail(() => ({}));
    plain.flush();
    for (const name of ['orders', 'decisions']) {
      const want = linesOf(join(atOnce, `${name}.ndjson.part`));
      expect(want.length).toBeGreaterThan(0);
      expect(linesOf(join(flushed, `${name}.ndjson.part`))).toEqual(want);
      expect(linesOf(join(failed, `${name}.incomplete.ndjson`))).toEqual(want);
    }
    for (const log of [first, plain]) log.fail(() => ({}));
  });

  test('a run that fails keeps what it decided, named as incomplete, and its summary says why', () => {
    const folder = room();
    const log = runLog(folder);
    addAll(log, sampleEvents(AT));
    log.fail((decisionSha256) => ({ incomplete: 'the run failed: a reason', decisionSha256 }));
    expect(readdirSync(folder).sort()).toEqual([
      'decisions.incomplete.ndjson',
      'fills.incomplete.ndjson',
      'orders.incomplete.ndjson',
      'summary.json',
    ]);
    expect(JSON.parse(readFileSync(join(folder, 'summary.json'), 'utf8'))).toEqual({
      incomplete: 'the run failed: a reason',
      decisionSha256: sha256(readFileSync(join(folder, 'decisions.incomplete.ndjson'))),
    });
    expect(linesOf(join(folder, 'decisions.incomplete.ndjson'))).toHaveLength(2);
    expect(linesOf(join(folder, 'orders.incomplete.ndjson'))).toHaveLength(6);
  });

  test('a summary that cannot be written is thrown, and nothing stands under a complete name', () => {
    const folder = room();
    const log = runLog(folder);
    addAll(log, sampleEvents(AT));
    log.close();
    mkdirSync(join(folder, 'summary.json.part'));
    expect(() => log.summarise({})).toThrow(/summary\.json/);
    expect(() => log.fail(() => ({}))).not.toThrow();
    expect(readdirSync(folder).sort()).toEqual([
      'decisions.incomplete.ndjson',
      'fills.incomplete.ndjson',
      'orders.incomplete.ndjson',
      'summary.json.part',
    ]);
  });

  test('a folder that holds a run is refused, and nothing in it is touched', () => {
    const folder = room();
    const log = runLog(folder);
    addAll(log, sampleEvents(AT));
    log.close();
    log.summarise({});
    const before = readdirSync(folder).map((name) => [name, readFileSync(join(folder, name), 'utf8')]);
    expect(() => runLog(folder)).toThrow(/holds an earlier run \(summary\.json\); nothing is overwritten/);
    expect(readdirSync(folder).map((name) => [name, readFileSync(join(folder, name), 'utf8')])).toEqual(
      before,
    );
  });

  test('a folder that another run is writing is refused, and that run ends as if nothing had been', () => {
    const folder = room();
    const log = runLog(folder);
    addAll(log, sampleEvents(AT));
    expect(() => runLog(folder)).toThrow(
      new RegExp(`is being written by another run \\(process ${process.pid}\\)`),
    );
    const hash = log.close();
    log.summarise({});
    expect(sha256(readFileSync(join(folder, 'decisions.ndjson')))).toBe(hash);
  });

  test('what killed runs left is kept under names of its own, however many they are', () => {
    const folder = room();
    writeFileSync(join(folder, 'orders.ndjson.part'), 'first\n');
    writeFileSync(join(folder, 'decisions.ndjson'), 'named, without a summary\n');
    writeFileSync(join(folder, 'run.lock'), '999999999\n\nx\n');
    const log = runLog(folder);
    expect(log.earlier).toEqual(['decisions.killed-1.ndjson', 'orders.killed-1.ndjson']);
    log.close();
    writeFileSync(join(folder, 'run.lock'), '999999999\n\nx\n');
    const next = runLog(folder);
    expect(next.earlier).toEqual([
      'decisions.killed-2.ndjson',
      'orders.killed-2.ndjson',
      'fills.killed-2.ndjson',
    ]);
    next.close();
    next.summarise({});
    expect(readFileSync(join(folder, 'orders.killed-1.ndjson'), 'utf8')).toBe('first\n');
    expect(readFileSync(join(folder, 'decisions.killed-1.ndjson'), 'utf8')).toBe(
      'named, without a summary\n',
    );
    expect(existsSync(join(folder, 'run.lock'))).toBe(false);
  });

  test('property: decisions go on in a new file when one is full; all lines in order are what the hash is of', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.integer({ min: 1, max: 120_000 }),
        fc.integer({ min: 0, max: 60 }),
        async (bytes, count) => {
          const folder = room();
          const log = runLog(folder, 'PAPER-', { rotateBytes: bytes });
          const twin = runLog(undefined);
          for (let i = 0; i < count; i++) {
            log.add(decisionAt(AT + i, []));
            twin.add(decisionAt(AT + i, []));
            if (i % 7 === 0) log.flush();
          }
          const hash = log.close();
          await log.compressed();
          log.summarise({});
          const full = readdirSync(folder)
            .filter((name) => /^PAPER-decisions-\d{4}\.ndjson\.gz$/.test(name))
            .sort();
          const bytesOf = full.map((name) => gunzipSync(readFileSync(join(folder, name))));
          const all = Buffer.concat([...bytesOf, readFileSync(join(folder, 'PAPER-decisions.ndjson'))]);
          expect(sha256(all)).toBe(hash);
          expect(all.toString().split('\n')).toHaveLength(count + 1);
          expect(readdirSync(folder).filter((name) => name.includes('.part'))).toEqual([]);
          expect(twin.close()).toBe(hash);
          if (bytes === 1 && count > 0) expect(full.length).toBeGreaterThan(0);
        },
      ),
      { numRuns: 25, examples: [[1, 20]] },
    );
  });

  test('full files of a run that was killed are kept under names of its own', async () => {
    const folder = room();
    const killed = runLog(folder, '', { rotateBytes: 1 });
    for (let i = 0; i < 3; i++) {
      killed.add(decisionAt(AT + i, []));
      killed.flush();
    }
    await killed.compressed();
    killed.fail(() => ({}));
    rmSync(join(folder, 'summary.json'));
    const next = runLog(folder);
    expect(next.earlier).toContain('decisions-0001.killed-1.ndjson.gz');
    expect(next.earlier).toContain('decisions-0003.killed-1.ndjson.gz');
    next.close();
    next.summarise({});
  });

  test('without a folder nothing is written, not even a summary', () => {
    const before = readdirSync(root).length;
    const log = runLog(undefined);
    addAll(log, sampleEvents(AT));
    log.summarise({});
    log.fail(() => ({}));
    expect(readdirSync(root)).toHaveLength(before);
  });
});
