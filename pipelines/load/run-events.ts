import { existsSync, readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';
import type { AuditEvent, Audited } from '../../src/domain/events/audit.ts';
import type { Decision } from '../../src/domain/events/decision.ts';
import type { Order } from '../../src/domain/events/order.ts';
import { readBlocks } from '../../src/tape/blocks.ts';

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

/** The lines of files one after the other. A line that is none is counted and left out. */
async function* linesOf(paths: readonly string[], bad: (path: string) => void): AsyncGenerator<Line> {
  for (const path of paths)
    for await (const block of readBlocks(path, () => bad(path)))
      for (const text of block.toString('utf8').split('\n')) {
        if (text === '') continue;
        try {
          const line = JSON.parse(text) as Line | null;
          if (Number.isFinite(line?.at)) yield line as Line;
          else bad(path);
        } catch {
          bad(path);
        }
      }
}

/** A line of decisions as the event that it was written of. */
const decisionOf = (line: Line): Decision => {
  const { model, bidTicks, askTicks, proposal, ...rest } = line as unknown as Omit<Decision, 'model'> & {
    readonly model: string | null;
  };
  return {
    ...rest,
    kind: 'decision',
    proposal: { ...proposal, ticker: rest.ticker },
    // The line has null where the event has nothing.
    bidTicks: bidTicks ?? undefined,
    askTicks: askTicks ?? undefined,
    model: model ?? undefined,
  } as Decision;
};

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
  const from = (
    lines: AsyncGenerator<Line>,
    of: (line: Line) => AuditEvent,
  ): { readonly lines: AsyncGenerator<Line>; readonly of: (line: Line) => AuditEvent } => ({ lines, of });
  const sources = [
    from(linesOf(decisions, bad), decisionOf),
    from(linesOf(orders, bad), orderEventOf),
    from(linesOf(fills, bad), (line) => line as unknown as AuditEvent),
  ];
  const heads: (Line | undefined)[] = [];
  for (const { lines } of sources) heads.push((await lines.next()).value as Line | undefined);
  for (let seq = 1; ; seq++) {
    let first = -1;
    for (const [i, head] of heads.entries())
      if (head && (first < 0 || head.at < (heads[first] as Line).at)) first = i;
    const source = sources[first];
    const head = heads[first];
    if (!source || !head) return;
    yield { seq, event: source.of(head) };
    heads[first] = (await source.lines.next()).value as Line | undefined;
  }
}
