import { z } from 'zod';
import { count, priceTicks } from '../../domain/money.ts';
import { DAY, HOUR, MINUTE, type Micros } from '../../domain/time.ts';
import { type GateState, OPERATOR, type SentBefore } from '../kalshi/send-gate.ts';
import type { Journal } from './journal.ts';
import type { JournalRow } from './journal-row.ts';

/** The account as the last row of it says, in dollars. */
export interface LastAccount {
  readonly at: Micros;
  readonly dayDollars: number;
  readonly equityDollars: number;
  readonly peakDollars: number;
}

/** What a journal says of an account's earlier runs. */
export interface Restored {
  /** The halt, or the operator's own reduction, that nobody has lifted; undefined if trading was on. */
  readonly held: GateState | undefined;
  /** Orders that have left today or within the last minute, for the caps of the gate. */
  readonly sentToday: readonly SentBefore[];
  /** Ids of orders that the venue may still tell of. */
  readonly orderIds: readonly string[];
  /** Ids of the matches that are in the journal. */
  readonly fillIds: ReadonlySet<string>;
  /** Order groups that the venue shut by itself since the operator last resumed. */
  readonly triggeredGroups: ReadonlySet<string>;
  readonly account: LastAccount | undefined;
  /**
   * When the last run began: its fills may not be in the journal, older ones are. Undefined without a run.
   */
  readonly lastRunAt: Micros | undefined;
}

/** The venue's lists go back this far, since reads and settlements lag. */
const TOLD_FOR = DAY + HOUR;

const intent = z.object({
  clientOrderId: z.string(),
  side: z.enum(['bid', 'ask']),
  limitTicks: z.int().transform(priceTicks),
  count: z.int().transform(count),
});
const fill = z.object({ fillId: z.string() });
const group = z.object({ groupId: z.string() });
const gate = z.object({ by: z.string(), reason: z.string() });
const account = z.object({
  dayDollars: z.number(),
  equityDollars: z.number(),
  peakDollars: z.number(),
});

const bodyOf = <T>(schema: z.ZodType<T>, { seq, kind, body }: JournalRow): T => {
  const read = schema.safeParse(JSON.parse(body));
  if (read.success) return read.data;
  throw new Error(
    `the journal's row ${seq} (${kind}) cannot be read: ${read.error.issues[0]?.path.join('.') ?? ''} ${read.error.issues[0]?.message ?? ''}; run voltage journal verify`,
  );
};

/** Reads what the next run of an account continues from. Throws a sentence for a row that cannot be read. */
export function restore(journal: Pick<Journal, 'rows'>, now: Micros): Restored {
  const today = Math.floor(now / DAY);
  const intents = journal
    .rows('intent')
    .filter(({ at }) => at > now - TOLD_FOR)
    .map((row): SentBefore => ({ ...bodyOf(intent, row), at: row.at }));
  const last = [...journal.rows('halt'), ...journal.rows('reduce'), ...journal.rows('resume')]
    .map((row) => ({ ...row, told: bodyOf(gate, row) }))
    // A reduction by the guard ends with its cause, which is looked for anew.
    .filter(({ kind, told }) => kind !== 'reduce' || told.by === OPERATOR)
    .sort((a, b) => a.seq - b.seq)
    .at(-1);
  const accounts = journal.rows('account').at(-1);
  const resumedSeq = journal.rows('resume').at(-1)?.seq ?? 0;
  return {
    held:
      last === undefined || last.kind === 'resume'
        ? undefined
        : { mode: last.kind === 'halt' ? 'HALTED' : 'REDUCE', at: last.at, ...last.told },
    sentToday: intents.filter(({ at }) => Math.floor(at / DAY) === today || at > now - MINUTE),
    orderIds: intents.map(({ clientOrderId }) => clientOrderId),
    fillIds: new Set(journal.rows('fill').map((row) => bodyOf(fill, row).fillId)),
    triggeredGroups: new Set(
      journal
        .rows('groupTriggered')
        .filter(({ seq }) => seq > resumedSeq)
        .map((row) => bodyOf(group, row).groupId),
    ),
    account: accounts && { at: accounts.at, ...bodyOf(account, accounts) },
    lastRunAt: journal.rows('opened').at(-1)?.at,
  };
}
