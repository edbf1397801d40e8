import { mkdtempSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from '@jest/globals';
import { backtest } from '../../pipelines/lanes/backtest.ts';
import { settingsSchema } from '../../src/config/settings.ts';
import type { AuditEvent } from '../../src/domain/events/audit.ts';
import { MILLISECOND, MINUTE, type Micros, SECOND } from '../../src/domain/time.ts';
import { tempFolder } from '../support/temp-folder.ts';
import { forecaster } from './market.ts';

const root = tempFolder();
const START_AT = Date.parse('2026-05-11T00:00:00Z') * MILLISECOND;
const settings = settingsSchema.parse({});

const instant = (at: Micros): string => new Date(at / MILLISECOND).toISOString();

/** A tape of Coinbase trades, one a second from `from` for `seconds`. */
const tape = (folder: string, name: string, from: Micros, seconds: number): string => {
  const path = join(folder, `${name}.tape`);
  const lines = Array.from({ length: seconds }, (_, i) => {
    const at = from + i * SECOND;
    const frame = {
      type: 'match',
      trade_id: i + 1,
      product_id: 'BTC-USD',
      price: '80000.00',
      size: '0.1',
      side: 'buy',
      sequence: i + 1,
      time: instant(at),
    };
    return `${at}000\tcoinbase\t${JSON.stringify(frame)}\n`;
  });
  writeFileSync(path, lines.join(''));
  return path;
};
const settledFile = (folder: string, rows: readonly (readonly [ticker: string, at: Micros])[]): string => {
  const path = join(folder, 'settled.csv');
  const lines = rows.map(
    ([ticker, at]) => `${ticker},KXBTC15M,${instant(at - 10 * SECOND)},80000,80001,yes,${instant(at)}\n`,
  );
  writeFileSync(
    path,
    `market_ticker,series,close_time_utc,floor_strike,expiration_value,result,settlement_ts\n${lines.join('')}`,
  );
  return path;
};
const historyFile = (folder: string, from: Micros, minutes: number): string => {
  const path = join(folder, 'bars.csv');
  const rows = Array.from(
    { length: minutes },
    (_, i) => `${(from + i * MINUTE) / SECOND},80000,80001,79999,80000,1,0\n`,
  );
  writeFileSync(path, `timestamp_utc_seconds,open,high,low,close,volume,flag\n${rows.join('')}`);
  return path;
};

const replay = async (
  tapes: readonly string[],
  more: { readonly settled?: string; readonly history?: string; readonly out?: string } = {},
) => {
  const events: AuditEvent[] = [];
  const summary = await backtest({
    tapes,
    history: more.history === undefined ? [] : [{ asset: undefined, path: more.history }],
    settled: more.settled,
    out: more.out,
    settings,
    openForecasters: async () => () => forecaster,
    tap: ({ event }) => events.push(event),
  });
  return { events, summary };
};

describe('backtest', () => {
  test('sessions come in the order of their first frames, however they are named, each once', async () => {
    const folder = mkdtempSync(join(root, 'test-'));
    const later = tape(folder, 'a-later', START_AT + 10 * MINUTE, 5);
    const sooner = tape(folder, 'b-sooner', START_AT, 5);
    const { events, summary } = await replay([later, folder, sooner]);
    expect(events.flatMap((event) => (event.kind === 'session' ? [[event.name, event.at]] : []))).toEqual([
      ['b-sooner', START_AT],
      ['a-later', START_AT + 10 * MINUTE],
    ]);
    expect(summary).toMatchObject({
      tapes: 2,
      frames: 10,
      rejectedFrames: 0,
      coinbase: { trades: 10 },
      from: instant(START_AT),
      until: instant(START_AT + 10 * MINUTE + 4 * SECOND),
    });
  });

  test('an outcome comes at its time, in a hole with the next tape, and after the last at the end', async () => {
    const folder = mkdtempSync(join(root, 'test-'));
    const next = START_AT + 10 * MINUTE;
    const tapes = [tape(folder, 'a', START_AT, 5), tape(folder, 'b', next, 5)];
    const settled = settledFile(folder, [
      ['KXBTC15M-D', next + MINUTE],
      ['KXBTC15M-C', START_AT + 5 * MINUTE],
      ['KXBTC15M-B', START_AT + 2 * SECOND],
      ['KXBTC15M-A', START_AT - MINUTE],
    ]);
    const { events, summary } = await replay(tapes, { settled });
    const order = events.flatMap((event) => {
      if (event.kind === 'outcome') return [`${event.ticker.slice(-1)} ${(event.at - START_AT) / SECOND}`];
      return event.kind === 'session' ? [event.name] : [];
    });
    expect(order).toEqual(['a', 'A 0', 'B 2', 'b', 'C 600', 'D 604']);
    // Outcomes are no frames of the tapes.
    expect(summary.frames).toBe(10);
  });

  test('each session is warmed by bars that had closed before its first frame, and by no other', async () => {
    const folder = mkdtempSync(join(root, 'test-'));
    const tapes = [
      tape(folder, 'a', START_AT + 30 * SECOND, 3),
      tape(folder, 'b', START_AT + 10 * MINUTE, 3),
    ];
    const history = historyFile(folder, START_AT - 60 * MINUTE, 120);
    const { events } = await replay(tapes, { history });
    // The row that a session's history leads to is told as of the history's end.
    const rows = events.flatMap((event) =>
      event.kind === 'featureRow' ? [[(event.at - START_AT) / MINUTE, event.bars]] : [],
    );
    expect(rows).toEqual([
      [0, 60],
      [10, 70],
    ]);
  });

  test('without any tape it says so', async () => {
    await expect(replay([join(root, 'nowhere')])).rejects.toThrow(/there is no file or folder at/);
  });
});
