import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from '@jest/globals';
import { parseSync } from '@swc/core';

/** A coin, an index, a series or a pair by its name. */
const ASSET = /(?<![A-Za-z])(?:BTC|XBT|ETH|SOL|XRP|DOGE|BRTI|[A-Z]+USD_RTI|KX[A-Z0-9]+|bitcoin)(?![A-Za-z])/i;
/**
 * A venue by its name, as a word: kinds of events such as `krakenOhlc` are facts of that venue and no choice
 * of one.
 */
const VENUE = /(?<![A-Za-z])(?:kraken|coinbase|kalshi)(?![A-Za-z])/i;

interface Allowed {
  /** A file, or a folder with its slash. */
  readonly at: string;
  readonly why: string;
}

const ASSETS_MAY: readonly Allowed[] = [
  { at: 'src/config/', why: 'the known assets are written out here' },
  { at: 'src/emulator/asset-defaults.ts', why: 'how the emulated market of a known asset moves' },
  { at: 'src/cli/', why: 'help texts give an example' },
  { at: 'src/venues/kraken/adapter.ts', why: "an error shows the venue's spelling by an example" },
  { at: 'src/venues/coinbase/adapter.ts', why: "an error shows the venue's spelling by an example" },
  { at: 'src/venues/kraken/pair.ts', why: 'Kraken has two names for a coin, one in each interface' },
];

const FEEDS = 'the feeds that checks wait for bear their venue in findings, and so in every decision log';

const VENUES_MAY: readonly Allowed[] = [
  { at: 'src/domain/venues.ts', why: 'every venue is named here once' },
  { at: 'src/config/', why: 'settings and variables of a venue bear its name' },
  { at: 'src/emulator/', why: 'an emulated venue is that venue' },
  { at: 'pipelines/edges/emulated-settings.ts', why: 'which venues are emulated' },
  { at: 'pipelines/edges/start-emulation.ts', why: 'which venues are emulated' },
  { at: 'pipelines/edges/emulated-key-file.ts', why: 'the key is one of that venue' },
  { at: 'pipelines/run/deciding-settings.ts', why: "the exchange's settings are a key of their own" },
  { at: 'pipelines/run/replay-notes.ts', why: 'messages name the setting to change' },
  { at: 'pipelines/edges/codecs.ts', why: "the exchange's settings are a key of their own" },
  { at: 'pipelines/assemble.ts', why: "the exchange's settings are a key of their own" },
  { at: 'pipelines/edges/warm-up.ts', why: 'messages name whom to ask' },
  { at: 'src/cli/', why: 'messages name whom to ask, and help texts give an example' },
  { at: 'src/features/sets/tick-set.ts', why: 'a feature says in words what it is made of' },
  { at: 'src/execution/desk/feeds.ts', why: FEEDS },
  { at: 'src/execution/settings.ts', why: FEEDS },
  { at: 'src/console/feeds.ts', why: FEEDS },
  { at: 'src/telemetry/notify/blindness.ts', why: FEEDS },
  { at: 'src/risk/', why: FEEDS },
  { at: 'pipelines/market.ts', why: FEEDS },
];

type Node = { readonly type?: string; readonly [key: string]: unknown };

/** Texts of all strings and templates of a file, without those that only say where an import comes from. */
function textsOf(source: string): readonly string[] {
  const texts: string[] = [];
  const visit = (node: unknown): void => {
    if (Array.isArray(node)) for (const each of node) visit(each);
    else if (typeof node === 'object' && node !== null) {
      const { type, value, cooked, source: from, ...rest } = node as Node;
      if (type === 'ImportDeclaration' || from) return;
      if (type === 'StringLiteral' && typeof value === 'string') texts.push(value);
      if (type === 'TemplateElement' && typeof cooked === 'string') texts.push(cooked);
      for (const child of [value, ...Object.values(rest)]) visit(child);
    }
  };
  visit(parseSync(source, { syntax: 'typescript', target: 'es2022' }).body);
  return texts;
}

const files = ['src', 'pipelines'].flatMap((root) =>
  (readdirSync(root, { recursive: true }) as string[])
    .filter((name) => name.endsWith('.ts'))
    .map((name) => join(root, name)),
);
const textsByFile = new Map(files.map((file) => [file, textsOf(readFileSync(file, 'utf8'))]));

const isIn = (file: string, { at }: Allowed): boolean =>
  at.endsWith('/') ? file.startsWith(at) : file === at;

/** A venue's own folder may name that venue and no other. */
const isItsOwn = (file: string, text: string): boolean => {
  const own = /^src\/venues\/([^/]+)\//.exec(file)?.[1];
  return own !== undefined && !VENUE.test(text.replaceAll(new RegExp(own, 'gi'), ''));
};

const found = (
  pattern: RegExp,
  allowed: readonly Allowed[],
  isOwn = (_file: string, _text: string) => false,
) =>
  [...textsByFile].flatMap(([file, texts]) =>
    texts
      .filter((text) => pattern.test(text) && !isOwn(file, text) && !allowed.some((room) => isIn(file, room)))
      .map((text) => `${file}: ${text.trim().slice(0, 80)}`),
  );

const unused = (pattern: RegExp, allowed: readonly Allowed[]) =>
  allowed
    .filter(
      (room) =>
        ![...textsByFile].some(([file, texts]) => isIn(file, room) && texts.some((t) => pattern.test(t))),
    )
    .map(({ at }) => at);

describe('names of assets and venues', () => {
  test('no coin, index or series is named outside the rooms that may: an asset is a value', () => {
    expect(found(ASSET, ASSETS_MAY)).toEqual([]);
  });

  test('no venue is named outside its own folder and the rooms that may: a venue is one row and one folder', () => {
    expect(found(VENUE, VENUES_MAY, isItsOwn)).toEqual([]);
  });

  test('every exception is one: what no longer names anything leaves the list', () => {
    expect([unused(ASSET, ASSETS_MAY), unused(VENUE, VENUES_MAY)]).toEqual([[], []]);
  });
});
