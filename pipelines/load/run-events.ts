import { existsSync, readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';
import type { AuditEvent, Audited } from '../../src/domain/events/audit.ts';
import type { Order } from '../../src/domain/events/order.ts';
import { readBlocks } from '../../src/tape/blocks.ts';
import { decisionOf } from '../run/read-decision.ts';

/** The files of a finished run, in the order of their lines. */
export interface RunFolder {
  /** Such as `SIMULATED-`; empty for a backtest. */
  readonly prefix: string;
  readonly decisions: readonly string[];
  readonly orders: readonly string[];
  readonly fills: readonly string[];
}

/** A run that failed or was killed keeps its lines under other endings. */
const FILE = /^([A-Z]+-)?(decisions|orders|fills)(-\d{4,})?(\.incomplete)?\.ndjson(\.part)?(\.gz)?$/;

/** The run in a folder; undefined if the path is none. Throws one sentence for several runs in one folder. */
export function runFolder(path: string): RunFolder | undefined {
  if (!existsSync(path) || !statSync(path).isDirectory()) return undefined;
  const found = readdirSync(path)
    .flatMap((name) => {
      const [, prefix = '', kind, part] = FILE.exec(name) ?? [];
      // The parts that are full come before the one that is not.
      return kind === undefined ? [] : [{ name, prefix, kind, order: part ?? '~' }];
    })
    .sort((a, b) => (a.order < b.order ? -1 : 1));
  const [first] = found;
  if (!first) return undefined;
  const prefixes = [...new Set(found.map(({ prefix }) => prefix))];
  if (prefixes.length > 1)
    throw new Error(
      `console: ${path} holds several runs (${prefixes.map((prefix) => `${prefix}decisions`).join(', ')}); move all but one away`,
    );
  const of = (kind: string): readonly string[] =>
    found.filter((file) => file.kind === kind).map(({ name }) => join(path, name));
  return { prefix: first.prefix, decisions: of('decisions'), orders: of('orders'), fills: of('fills') };
}

type Line = Readonly<Record<string, unknown>> & { readonly at: number };

/** What the lines of files tell, one after the other. A line that tells nothing is counted and left out. */
async function* eventsOf(
  paths: readonly string[],
  of: (line: Line) => AuditEvent | undefined,
  bad: (path: string) => void,
): AsyncGenerator<AuditEvent> {
  for (const path of paths)
    for await (const block of readBlocks(path, () => bad(path)))
      for (const text of block.toString('utf8').split('\n')) {
        if (text === '') continue;
        const event = eventOf(text, of);
        if (event) yield event;
        else bad(path);
      }
}

function eventOf(text: string, of: (line: Line) => AuditEvent | undefined): AuditEvent | undefined {
  try {
    const line = JSON.parse(text) as Line | null;
    return line && Number.isFinite(line.at) ? of(line) : undefined;
  } catch {
    return undefined;
  }
}

const orderEventOf = (line: Line): AuditEvent => {
  if (line['kind'] !== 'orderSent') return line as unknown as AuditEvent;
  const { kind: _, ...order } = line;
  return { kind: 'orderSent', at: line.at, order: order as unknown as Order } as AuditEvent;
};

/**
 * The events that a run's files hold, in the order of their time and numbered anew; of equal times decisions
 * come before orders, and orders before fills. Books and prices are not among them. `bad` is called for each
 * line that cannot be read.
 */
export async function* runEvents(
  { decisions, orders, fills }: RunFolder,
  bad: (path: string) => void,
): AsyncGenerator<Audited> {
  const sources = [
    eventsOf(decisions, decisionOf, bad),
    eventsOf(orders, orderEventOf, bad),
    eventsOf(fills, (line) => line as unknown as AuditEvent, bad),
  ];
  const next = async (i: number): Promise<AuditEvent | undefined> =>
    (await sources[i]?.next())?.value as AuditEvent | undefined;
  const heads: (AuditEvent | undefined)[] = [];
  for (const i of sources.keys()) heads.push(await next(i));
  for (let seq = 1; ; seq++) {
    let first = -1;
    for (const [i, head] of heads.entries())
      if (head && (first < 0 || head.at < (heads[first] as AuditEvent).at)) first = i;
    const event = heads[first];
    if (!event) return;
    yield { seq, event };
    heads[first] = await next(first);
  }
}
