import { hash } from 'node:crypto';
import type { Micros } from '../../domain/time.ts';

/**
 * What a row is about. `opened` and `closed` bound one run of a lane; `intent` is an order before its request
 * leaves; `answer` is what became of a request; `fill` is a match that the venue reported; `halt`, `reduce`
 * and `resume` are changes of the send gate; `cap` is a limit of it that the operator lowered; `account` is the
 * account after a change, in dollars; `difference` is a disagreement with the venue; `groupTriggered` is an
 * order group that the venue shut by itself.
 */
export const JOURNAL_KINDS = [
  'opened',
  'intent',
  'answer',
  'fill',
  'settlement',
  'account',
  'halt',
  'reduce',
  'resume',
  'difference',
  'resolve',
  'groupTriggered',
  'cancelAll',
  'cap',
  'closed',
] as const;

/** One of the kinds of rows. */
export type JournalKind = (typeof JOURNAL_KINDS)[number];

/** What is written: the time, the kind, and the facts as plain data. */
export interface JournalEntry {
  readonly at: Micros;
  readonly kind: JournalKind;
  readonly body: object;
}

/** A row as it is stored. `body` is JSON; `hash` chains it to all rows before. */
export interface JournalRow {
  readonly seq: number;
  readonly at: Micros;
  readonly kind: string;
  readonly body: string;
  readonly hash: string;
}

/** The hash before the first row. */
export const GENESIS = '0'.repeat(64);

/**
 * SHA-256 over the previous row's hash and every field of this one, in hexadecimal. A row that is changed,
 * removed or put elsewhere breaks the chain from there on.
 */
export const chainedHash = (previous: string, { seq, at, kind, body }: Omit<JournalRow, 'hash'>): string =>
  hash('sha256', JSON.stringify([previous, seq, at, kind, body]));
