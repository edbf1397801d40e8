import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from '@jest/globals';
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
    expect(linesOf(join(folder, 'decisions.ndjson'))).toHaveLength(2);
    expect(linesOf(join(folder, 'orders.ndjson')).map(({ kind }) => kind)).toEqual([
      'orderSent',
      'orderSubmitted',
      'orderUnknown',
      'orderResting',
      'orderDone',
      'orderRejected',
    ]);
    expect(linesOf(join(folder, 'fills.ndjson')).map(({ kind }) => kind)).toEqual(['fill', 'settlement']);
  });

  test('the hash is that of decisions.ndjson, and the same without any file', () => {
    const folder = room();
    const [written, silent] = [runLog(folder), runLog(undefined)];
    for (const log of [written, silent]) addAll(log, sampleEvents(AT));
    const hash = written.close();
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
    expect(readdirSync(folder).every((name) => name.endsWith('.part'))).toBe(true);
    log.close();
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

  test('a run that is discarded leaves nothing behind, and what an earlier run completed stays', () => {
    const folder = room();
    writeFileSync(join(folder, 'decisions.ndjson'), 'earlier\n');
    const log = runLog(folder);
    addAll(log, sampleEvents(AT));
    log.discard();
    expect(readdirSync(folder)).toEqual(['decisions.ndjson']);
    expect(readFileSync(join(folder, 'decisions.ndjson'), 'utf8')).toBe('earlier\n');
  });

  test('to discard what is complete already does nothing, so that the reason of a late failure is not hidden', () => {
    const folder = room();
    // The summary cannot be written where a folder is in its way.
    mkdirSync(join(folder, 'summary.json'));
    const log = runLog(folder);
    addAll(log, sampleEvents(AT));
    log.close();
    expect(() => log.summarise({})).toThrow(/summary\.json/);
    expect(() => log.discard()).not.toThrow();
    expect(existsSync(join(folder, 'decisions.ndjson'))).toBe(true);
  });

  test('without a folder nothing is written, not even a summary', () => {
    const before = readdirSync(root).length;
    const log = runLog(undefined);
    addAll(log, sampleEvents(AT));
    log.summarise({});
    log.discard();
    expect(readdirSync(root)).toHaveLength(before);
  });
});
