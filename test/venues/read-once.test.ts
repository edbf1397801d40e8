import { readFileSync } from 'node:fs';
import { expect, test } from '@jest/globals';
import { codecsOf } from '../../pipelines/edges/codecs.ts';
import { settingsSchema } from '../../src/config/settings.ts';
import type { WireFrame } from '../../src/domain/frame.ts';
import type { Venue } from '../../src/domain/venues.ts';
import { tapeLine } from '../../src/tape/line.ts';
import { dataPath, describeData } from '../support/data.ts';
import { tapeFrames } from '../support/tape-lines.ts';

const AT = 1_790_000_000_000_000;

/** Recorded texts of every venue, each kind of frame among them. */
const recorded = (): readonly WireFrame[] => {
  const lines = (venue: Venue, folder: string, name: string): readonly WireFrame[] =>
    readFileSync(dataPath(folder, name), 'utf8')
      .trim()
      .split('\n')
      .map((text) => ({ kind: 'wire', at: AT, venue, text }));
  const book = JSON.parse(readFileSync(dataPath('kraken', 'book-v2-d10.json'), 'utf8')) as {
    readonly init: unknown;
    readonly updates: readonly unknown[];
  };
  return [
    ...lines('kraken', 'kraken', 'trades-v2.jsonl'),
    ...lines('kraken', 'kraken', 'book-v2-sample.jsonl'),
    ...[book.init, ...book.updates].map(
      (frame): WireFrame => ({ kind: 'wire', at: AT, venue: 'kraken', text: JSON.stringify(frame) }),
    ),
    ...[...tapeFrames('20260511T121731Z.tape.gz')].filter((_, i) => i % 5 === 0),
  ];
};

describeData('a text is read once', () => {
  test('with what a feed parsed of a recorded text, every codec gives what it gives of the text alone', () => {
    const settings = settingsSchema.parse({});
    const [ofText, ofJson] = [codecsOf(settings), codecsOf(settings)];
    const seen = new Set<Venue>();
    for (const { venue, text, at } of recorded()) {
      seen.add(venue);
      expect(ofJson[venue].wire(text, at, JSON.parse(text))).toEqual(ofText[venue].wire(text, at));
    }
    expect([...seen].sort()).toEqual(['coinbase', 'kalshi', 'kraken']);
  });

  test('what a feed parsed is never written to a tape', () => {
    const frame: WireFrame = { kind: 'wire', at: AT, venue: 'kraken', text: '{"channel":"heartbeat"}' };
    expect(tapeLine({ ...frame, json: { channel: 'heartbeat' } })).toBe(tapeLine(frame));
  });
});
