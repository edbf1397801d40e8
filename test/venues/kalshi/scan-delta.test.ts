import { readFileSync } from 'node:fs';
import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import type { CodecEvent } from '../../../src/domain/events/venue.ts';
import { readDelta } from '../../../src/venues/kalshi/read-book.ts';
import { scanDelta } from '../../../src/venues/kalshi/scan-delta.ts';
import { deltaFrame } from '../../../src/venues/kalshi/wire.ts';
import { dataPath, describeData } from '../../support/data.ts';
import { tapeFrames } from '../../support/tape-lines.ts';
import { mutatedTexts } from '../kraken/mutations.ts';

const RECEIVED = 1_790_363_700_000_000;

/** What JSON.parse, the schema and `readDelta` make of a text; the codec cannot be asked, since it asks `scanDelta` first. */
function parsed(text: string, useYesPrice: boolean): CodecEvent | undefined {
  let frame: unknown;
  try {
    frame = JSON.parse(text);
  } catch {
    return undefined;
  }
  const { data } = deltaFrame.safeParse(frame);
  const reading = data && readDelta(data, RECEIVED, useYesPrice);
  return typeof reading === 'string' ? undefined : reading;
}

const TICKERS = ['KXBTC15M-26MAY130900-00', 'KXBTCD-26SEP2516-T63999.99', 'KXBTC-26SEP2516-B83950', 'K'];
const quoted = (arbitrary: fc.Arbitrary<string>): fc.Arbitrary<string> =>
  arbitrary.map((text) => `"${text}"`);
const change = fc
  .tuple(
    fc.constantFrom('', '-'),
    fc.oneof(fc.nat(9_999), fc.nat(999_999_999)),
    fc.integer({ min: 1, max: 99 }),
  )
  .map(([sign, whole, part]) => `${sign}${whole}.${String(part).padStart(2, '0')}`);
const optional = <T>(arbitrary: fc.Arbitrary<T>): fc.Arbitrary<T | undefined> =>
  fc.option(arbitrary, { nil: undefined });

const frames = fc.record({
  sid: fc.nat(99).map(String),
  seq: fc
    .oneof(fc.integer({ min: 1, max: 9_999 }), fc.integer({ min: 1, max: 999_999_999_999_999 }))
    .map(String),
  market_ticker: quoted(fc.constantFrom(...TICKERS)),
  market_id: optional(quoted(fc.uuid())),
  price_dollars: quoted(
    fc.integer({ min: 1, max: 9_999 }).map((ticks) => `0.${String(ticks).padStart(4, '0')}`),
  ),
  delta_fp: quoted(change),
  side: fc.constantFrom('"yes"', '"no"'),
  ts: optional(
    fc.constantFrom(
      '"2026-09-25T19:54:40.956786Z"',
      '"2026-06-11T06:29:47.42784Z"',
      '"2026-06-11T06:29:47Z"',
      '"2024-02-29T23:59:59.123456789-05:00"',
    ),
  ),
  ts_ms: fc.oneof(fc.constantFrom('1790366080956', '0'), fc.integer({ min: 1, max: 9e12 }).map(String)),
});

interface Printed {
  readonly head: readonly (readonly [string, string])[];
  readonly msg: readonly (readonly [string, string])[];
  readonly newline: string;
}

const members = (pairs: Printed['msg']): string => pairs.map(([key, value]) => `"${key}":${value}`).join(',');
const print = ({ head, msg, newline }: Printed): string =>
  `{${members(head)},"msg":{${members(msg)}}}${newline}`;

const printed: fc.Arbitrary<Printed> = fc
  .tuple(frames, fc.constantFrom('', '\n'))
  .map(([{ sid, seq, ...msg }, newline]) => ({
    head: [
      ['type', '"orderbook_delta"'],
      ['sid', sid],
      ['seq', seq],
    ],
    msg: Object.entries(msg).flatMap(([key, value]) => (value === undefined ? [] : [[key, value] as const])),
    newline,
  }));
const texts = printed.map(print);

/** Frames with a character replaced, cut out or doubled, digits by digits as often as not, so that many stay readable. */
const flipped = texts.chain((text) =>
  fc.oneof(
    mutatedTexts([text]),
    fc
      .tuple(fc.nat(text.length - 1), fc.constantFrom(...'0123456789'))
      .map(([at, digit]) => text.slice(0, at) + text.slice(at).replace(/\d/, digit)),
  ),
);

/** Other frames of the same keys: shuffled, one dropped, one doubled, one renamed, one value in another form. */
const rearranged = printed.chain(({ head, msg, newline }) => {
  const which = fc.nat(msg.length - 1);
  const others = [
    '"1.0000"',
    '"0.0000"',
    '"0.50"',
    '"0.05000"',
    '"0.00"',
    '"-0.00"',
    '"+1.00"',
    '"007.00"',
    '"1"',
  ];
  const tokens = [
    ...others,
    '0.5',
    '-54',
    '1e3',
    '1790366080956.0',
    '9007199254741',
    '"\\u0079es"',
    '"YES"',
    '""',
  ];
  return fc
    .oneof(
      fc.shuffledSubarray([...msg], { minLength: msg.length - 1 }).map((some) => ({ head, msg: some })),
      which.map((i) => ({ head, msg: msg.toSpliced(i, 1) })),
      which.map((i) => ({ head, msg: [...msg, ...msg.slice(i, i + 1)] })),
      fc.tuple(which, fc.constantFrom('market_id', 'ts', 'yes', 'x')).map(([i, key]) => ({
        head,
        msg: msg.with(i, [key, msg[i]?.[1] ?? '']),
      })),
      fc.tuple(which, fc.constantFrom(...tokens)).map(([i, token]) => ({
        head,
        msg: msg.with(i, [msg[i]?.[0] ?? '', token]),
      })),
      fc.shuffledSubarray([...head], { minLength: 2 }).map((some) => ({ head: some, msg })),
    )
    .map((frame) => print({ ...frame, newline }));
});

const PLAIN =
  '{"type":"orderbook_delta","sid":1,"seq":12,"msg":{"market_ticker":"KXBTC-26SEP2516-B83950","market_id":"64e911b1-7e50-4285-a6e8-3915887fa679","price_dollars":"0.3300","delta_fp":"-1.00","side":"yes","ts":"2026-09-25T19:54:40.956786Z","ts_ms":1790366080956}}';

describe('scanDelta', () => {
  test('property: text as the venue prints it is read, and as JSON.parse and the schema read it', () => {
    fc.assert(
      fc.property(texts, fc.boolean(), (text, useYesPrice) => {
        const event = scanDelta(text, RECEIVED, useYesPrice);
        expect(event).toBeDefined();
        expect(event).toEqual(parsed(text, useYesPrice));
      }),
      { numRuns: 1000 },
    );
  });

  test.each([
    ['characters', flipped, 500],
    ['keys and values', rearranged, 200],
  ])(
    'property: of text with altered %s it reads none that they refuse, and none otherwise than they do',
    (_, altered, least) => {
      const seen = { read: 0, left: 0 };
      fc.assert(
        fc.property(altered, fc.boolean(), (text, useYesPrice) => {
          const event = scanDelta(text, RECEIVED, useYesPrice);
          seen[event ? 'read' : 'left']++;
          if (event) expect(event).toEqual(parsed(text, useYesPrice));
        }),
        { numRuns: 5000 },
      );
      // The property is empty unless both happen often.
      expect(Math.min(seen.read, seen.left)).toBeGreaterThan(least);
    },
  );

  test.each([
    ['an escape in the ticker', 'B83950', 'B8395\\u0030'],
    ['an empty ticker', '"KXBTC-26SEP2516-B83950"', '""'],
    ['another character in the ticker', 'B83950', 'B8395_'],
    ['a full-width digit', '0.3300', '0.330\uff10'],
    ['a letter whose low byte is a digit', '0.3300', '0.330\u0130'],
    ['a price of nothing', '0.3300', '0.0000'],
    ['a price of a dollar', '0.3300', '1.0000'],
    ['a price of three places', '0.3300', '0.330'],
    ['a price of five places', '0.3300', '0.33000'],
    ['a price that is a JSON number', '"0.3300"', '0.3300'],
    ['a change of nothing', '-1.00', '-0.00'],
    ['a change of one place', '-1.00', '-1.0'],
    ['a change of three places', '-1.00', '-1.000'],
    ['a change with a plus', '-1.00', '+1.00'],
    ['a change with a leading zero', '-1.00', '-01.00'],
    ['a change of thirteen digits', '-1.00', '-1234567890123.00'],
    ['a change without a whole part', '-1.00', '-.50'],
    ['no side', '","side":"yes"', ''],
    ['a third side', '"yes"', '"yet"'],
    ['a sequence number of nothing', '"seq":12', '"seq":0'],
    ['a sequence number with a fraction', '"seq":12', '"seq":12.0'],
    ['a leading zero', '"seq":12', '"seq":012'],
    ['a number too great for a double', '"seq":12', '"seq":9007199254740993'],
    ['no sid', '"sid":1', '"sid":'],
    ['a negative sid', '"sid":1', '"sid":-1'],
    ['a time in seconds', '"2026-09-25T19:54:40.956786Z"', '1790366080'],
    ['an impossible time', '09-25T', '09-31T'],
    ['milliseconds beyond a double of microseconds', '1790366080956', '9007199254741'],
    ['milliseconds as text', '1790366080956', '"1790366080956"'],
    ['another id', '64e911b1-', '64E911B1-'],
    ['a short id', '64e911b1-', '64e911b1'],
    ['a space', '"sid":1', '"sid": 1'],
    ['another type', 'orderbook_delta', 'orderbook_dalta'],
    ['a key before the clock', ',"ts_ms"', ',"client_order_id":"x","ts_ms"'],
    ['something after the end', '}}', '}}}'],
    ['two newlines', '}}', '}}\n\n'],
    ['another space after the end', '}}', '}}\r'],
    ['an unclosed end', '}}', '}'],
  ])('text with %s is left to JSON.parse', (_, from, to) => {
    expect(scanDelta(PLAIN, RECEIVED, false)).toBeDefined();
    expect(PLAIN).toContain(from);
    expect(scanDelta(PLAIN.replace(from, to), RECEIVED, false)).toBeUndefined();
  });

  test('a cut frame is not made whole by the frame before it', () => {
    for (let length = 0; length < PLAIN.length; length++) {
      expect(scanDelta(PLAIN, RECEIVED, false)).toBeDefined();
      expect(scanDelta(PLAIN.slice(0, length), RECEIVED, false)).toBeUndefined();
    }
  });

  test('a frame of a kilobyte is read, one that is longer, cut or not ASCII at its very end is left', () => {
    const filled = PLAIN.replace('B83950', 'B'.repeat(1_024 - PLAIN.length + 'B83950'.length));
    expect(filled).toHaveLength(1_024);
    for (const left of [
      `${filled}\n`,
      `${filled.slice(0, -1)}\u0130`,
      PLAIN.slice(0, PLAIN.indexOf('KX')).padEnd(1_023, 'B').concat('"'),
    ]) {
      expect(scanDelta(filled, RECEIVED, false)).toEqual(parsed(filled, false));
      expect(scanDelta(left, RECEIVED, false)).toBeUndefined();
    }
  });
});

describeData('scanDelta on recorded frames', () => {
  /** Deltas among the texts; each must be read, and as JSON.parse and the schema read it. */
  const allRead = (lines: Iterable<string>): number => {
    let deltas = 0;
    const otherwise: string[] = [];
    for (const text of lines) {
      if (!text.startsWith('{"type":"orderbook_delta"')) continue;
      deltas++;
      const event = scanDelta(text, RECEIVED, false);
      if (event === undefined || JSON.stringify(event) !== JSON.stringify(parsed(text, false)))
        otherwise.push(text);
    }
    expect(otherwise).toEqual([]);
    return deltas;
  };

  test('it reads every delta of a tape', () => {
    const frames = Array.from(tapeFrames('20260513T215132Z.tape.gz'), ({ text }) => text);
    expect(allRead(frames)).toBe(100_972);
  });

  test('it reads every delta of the live samples', () => {
    const lines = (...parts: readonly string[]): string[] =>
      readFileSync(dataPath('kalshi', 'wire', ...parts), 'utf8').split('\n');
    const slice = lines('ws_book_slice_KXBTC_KXBTCD_2026-09-25.jsonl').map((line) =>
      line.slice(line.indexOf('"frame":') + '"frame":'.length, -1),
    );
    expect(allRead(slice)).toBe(22);
    expect(allRead(lines('ws_mixed_channels_2026-09-25.jsonl'))).toBe(1);
    expect(allRead(lines('demo-2026-06', 'ws__orderbook_trade_noleg.jsonl'))).toBe(4);
    expect(allRead(lines('demo-2026-06', 'ws__orderbook_trade_yes.jsonl'))).toBe(2);
  });
});
