import type { Decision } from '../../src/domain/events/decision.ts';
import type { Micros } from '../../src/domain/time.ts';
import { type DecisionHead, decisionHead, readDecision } from './read-decision.ts';
import { runLines } from './run-lines.ts';

/** When a contract was first and last decided on. */
export interface Decided {
  readonly first: Micros;
  readonly last: Micros;
}

/** What a run's decisions say of a contract at a time. */
export interface DecisionAt {
  /** The last decision at or before the time; undefined if there is none. */
  readonly inForce: Decision | undefined;
  /** When the next one was made; undefined if none was. */
  readonly nextAt: Micros | undefined;
  /** The contracts that were met on the way: all of the run where the one asked for was not found. */
  readonly seen: ReadonlyMap<string, Decided>;
}

/** A week of a busy market; beyond it a name is no longer offered. */
const MOST_SEEN = 20_000;

/** The first decision of each file; a file without one has none. */
async function headsOf(files: readonly string[]): Promise<readonly (DecisionHead | undefined)[]> {
  const heads: (DecisionHead | undefined)[] = [];
  for (const file of files) {
    let head: DecisionHead | undefined;
    for await (const line of runLines(file)) {
      head = decisionHead(line);
      if (head) break;
    }
    heads.push(head);
  }
  return heads;
}

/** First and last decision of a run; undefined for a run that has decided nothing. */
export async function spanOf(files: readonly string[]): Promise<Decided | undefined> {
  const heads = await headsOf(files);
  const first = heads.find((head) => head !== undefined)?.at;
  if (first === undefined) return undefined;
  const at = heads.findLastIndex((head) => head !== undefined);
  let last = heads[at]?.at ?? first;
  for await (const line of runLines(files[at] as string)) last = decisionHead(line)?.at ?? last;
  return { first, last };
}

/**
 * Finds the decision on a contract that was in force at a time, in a run's files of decisions in their order.
 * They may have gigabytes: only one line of them is held, and of several files the one of that time is read,
 * then those before it as far as needed.
 */
export async function decisionAt(files: readonly string[], ticker: string, at: Micros): Promise<DecisionAt> {
  const heads = await headsOf(files);
  const seen = new Map<string, { first: Micros; last: Micros }>();
  let nextAt: Micros | undefined;

  const search = async (file: string): Promise<Decision | undefined> => {
    let line: Buffer | undefined;
    for await (const each of runLines(file)) {
      const head = decisionHead(each);
      if (!head) continue;
      const known = seen.get(head.ticker);
      if (known) {
        known.first = Math.min(known.first, head.at);
        known.last = Math.max(known.last, head.at);
      } else if (seen.size < MOST_SEEN) seen.set(head.ticker, { first: head.at, last: head.at });
      if (head.ticker !== ticker) continue;
      if (head.at <= at) line = Buffer.from(each);
      else {
        nextAt = Math.min(nextAt ?? head.at, head.at);
        break;
      }
    }
    return line && readDecision(line);
  };

  const begun = heads.findLastIndex((head) => head !== undefined && head.at <= at);
  let inForce: Decision | undefined;
  for (let i = begun; i >= 0 && !inForce; i--) inForce = await search(files[i] as string);
  for (let i = begun + 1; i < files.length && !inForce && nextAt === undefined; i++)
    await search(files[i] as string);
  return { inForce, nextAt, seen };
}
