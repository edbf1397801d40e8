import { type Observable, Subject } from 'rxjs';
import type { AuditEvent, Audited } from '../../src/domain/events/audit.ts';
import type { Settlement } from '../../src/domain/events/order.ts';
import type { CommandFrame } from '../../src/domain/frame.ts';
import { DOLLAR_TICKS } from '../../src/domain/money.ts';
import { replica } from '../../src/domain/replica.ts';
import type { Micros } from '../../src/domain/time.ts';
import type { Guard } from '../../src/execution/guard/guard.ts';
import { clearHalted, type Halted } from '../../src/execution/journal/halted-file.ts';
import type { Journal } from '../../src/execution/journal/journal.ts';
import type { JournalEntry } from '../../src/execution/journal/journal-row.ts';
import type { Cancelled } from '../../src/execution/kalshi/cancel-everything.ts';
import {
  type GateMode,
  type GateState,
  OPERATOR,
  type SendGate,
} from '../../src/execution/kalshi/send-gate.ts';
import type { LaneControls } from '../edges/control-socket.ts';

/** A live lane's state for the operator. */
export interface LiveStatus {
  readonly mode: GateMode;
  readonly reason: string;
  readonly by: string;
  /** Since when, in microseconds since the epoch. */
  readonly since: Micros;
  readonly cashDollars: number | null;
  /** Contracts held by ticker: YES positive, NO negative. */
  readonly positions: Readonly<Record<string, number>>;
  readonly openOrders: number;
  readonly unknownOrders: number;
}

/** What the control needs. */
export interface LiveControlPorts {
  readonly gate: SendGate;
  readonly guard: Guard;
  readonly journal: Pick<Journal, 'append'>;
  readonly stamp: () => Micros;
  /** Triggers the order groups and cancels all orders until none rests; called again for each halt. */
  readonly cancelAll: () => Promise<Cancelled>;
  /** Cancels all orders until none rests, and leaves the groups as they are: the lane goes on. */
  readonly cancelOrders: () => Promise<Cancelled>;
  /** A halt from outside the lane, and how to take it away. */
  readonly outside: {
    readonly path: string;
    readonly read: () => Halted | undefined;
    /** Halts from outside what the journal cannot hold, so that a restart finds it. Throws if that fails too. */
    readonly write: (halted: Halted) => void;
  };
  /** Whether somebody outside watches over the lane. Without it no order leaves. */
  readonly watched: () => boolean;
  /** Asks for a whole read of the account now. */
  readonly reconcile: () => void;
  /**
   * The operator trades again: what the venue refused for good may be tried again, and triggered groups are
   * reset. Resolves once they are, or after some seconds.
   */
  readonly resumed: () => Promise<void>;
}

/** One place that changes the mode of a live lane: for the gate, the graph, the journal and the operator. */
export interface LiveControl extends LaneControls {
  readonly status: () => LiveStatus;
  /** Commands for the graph. */
  readonly command$: Observable<CommandFrame>;
  /** Notes what the graph publishes. Rows for the journal are kept until `flush`. */
  readonly heard: (audited: Audited) => void;
  /** Keeps a row for the journal until `flush`. */
  readonly note: (entry: JournalEntry) => void;
  /** Writes what was noted, in one transaction. */
  readonly flush: () => void;
  /** Looks at guard, gate and the halt from outside, and acts. To be called several times a second. */
  readonly look: () => void;
  /** Tells the graph the mode that the lane starts in. */
  readonly begin: () => void;
}

const GUARD = 'the guard';
const COMMANDS: Readonly<Record<GateMode, CommandFrame['command']>> = {
  ARMED: 'resume',
  REDUCE: 'reduce',
  HALTED: 'halt',
};
/** The last contracts of a position in 0.01. */
const HUNDREDTHS = 100;

/** What of the graph's events belongs into the journal. */
function entryOf(event: AuditEvent, peakDollars: number | undefined): JournalEntry | undefined {
  switch (event.kind) {
    case 'fill':
    case 'difference':
      return { at: event.at, kind: event.kind, body: event };
    case 'settlement':
      return event.position === 0 ? undefined : { at: event.at, kind: 'settlement', body: event };
    case 'account': {
      const { at, dayDollars, equityDollars, cashDollars } = event;
      const peak = Math.max(peakDollars ?? equityDollars, equityDollars);
      return { at, kind: 'account', body: { cashDollars, dayDollars, equityDollars, peakDollars: peak } };
    }
    default:
      return undefined;
  }
}

/**
 * Makes the control of one lane. Every change of the mode goes the same way: the gate first, at once; then a
 * command for the graph, which lies on the tape; then a row of the journal; then, for a halt, the cancels.
 */
export function liveControl(ports: LiveControlPorts): LiveControl {
  const { gate, guard, journal, stamp, outside } = ports;
  const command$ = new Subject<CommandFrame>();
  const seen = replica();
  let told = gate.state();
  let noted: JournalEntry[] = [];
  let adopted = false;
  /** Contracts that we have settled and the venue has not paid yet; it shows them as held until then. */
  const unpaid = new Map<string, Settlement>();
  const paid = new Set<string>();
  /** The last row about the account. */
  let account: JournalEntry | undefined;
  let cancelling = 0;

  const cancelAll = async (): Promise<Cancelled> => {
    cancelling++;
    try {
      return await ports.cancelAll();
    } finally {
      cancelling--;
    }
  };
  /** What cannot be written shuts the gate, and is written once the disk takes it again. */
  const write = (entries: readonly JournalEntry[]): boolean => {
    if (entries.length === 0) return true;
    try {
      journal.append(entries);
      return true;
    } catch (cause) {
      const reason = cause instanceof Error ? cause.message : String(cause);
      gate.move({ mode: 'HALTED', at: stamp(), by: 'the journal', reason });
      noted = [...entries, ...noted];
      return false;
    }
  };
  /** A halt that is in no journal would be over with this process. */
  const keep = ({ at, by, reason }: GateState): void => {
    try {
      outside.write({ at, by, reason });
    } catch (cause) {
      process.stderr.write(
        `the halt is written nowhere (${cause instanceof Error ? cause.message : String(cause)}): do not start this account again before it is halted\n`,
      );
    }
  };
  const commanded = (
    command: CommandFrame['command'],
    { by, reason }: Pick<GateState, 'by' | 'reason'>,
  ): void => command$.next({ kind: 'command', at: stamp(), command, reason: `${by}: ${reason}` });
  /** Tells a mode that the gate has taken; for a halt it also cancels. */
  const publish = (): Promise<Cancelled> | undefined => {
    const state = gate.state();
    if (state === told) return undefined;
    told = state;
    commanded(COMMANDS[state.mode], state);
    const kind = state.mode === 'HALTED' ? 'halt' : state.mode === 'REDUCE' ? 'reduce' : 'resume';
    const isWritten = write([{ at: state.at, kind, body: { by: state.by, reason: state.reason } }]);
    if (state.mode === 'HALTED' && !isWritten) keep(state);
    return state.mode === 'HALTED' ? cancelAll() : undefined;
  };
  /** Takes a halt from outside away, once its reason is in the journal. */
  const lift = (now: Micros): void => {
    const halted = outside.read();
    if (!halted) return;
    write([{ at: now, kind: 'halt', body: { by: halted.by, reason: halted.reason } }]);
    clearHalted(outside.path);
  };
  /** Cash as the venue has it: without what it has yet to pay, in dollars. */
  const asPaid = (dollars: number): number => {
    const owed = [...unpaid.values()].reduce((sum, settled) => sum + settled.cash, 0);
    return Math.round(dollars * DOLLAR_TICKS - owed) / DOLLAR_TICKS;
  };
  const flush = (): void => {
    const entries = noted;
    noted = [];
    write(entries);
  };

  return {
    command$: command$.asObservable(),
    begin: () => commanded(COMMANDS[told.mode], told),
    heard: (audited) => {
      const { event } = audited;
      seen.add(audited);
      guard.receive(event);
      switch (event.kind) {
        case 'orderDone':
          gate.ended(event.clientOrderId, event.filled);
          break;
        case 'orderRejected':
          gate.ended(event.clientOrderId);
          break;
        case 'fill':
          gate.filled(event);
          break;
        case 'adopted':
          adopted = true;
          gate.adopted(event);
          break;
        case 'settlement':
          if (event.position !== 0 && !paid.has(event.ticker)) unpaid.set(event.ticker, event);
          gate.settled(event.ticker);
          break;
        case 'venueSettlement':
          paid.add(event.ticker);
          unpaid.delete(event.ticker);
          break;
        case 'venuePosition':
          if (event.position === 0) unpaid.delete(event.ticker);
          break;
      }
      // Until the venue's account is adopted, ours is not known.
      const entry = event.kind === 'account' && !adopted ? undefined : entryOf(event, guard.peakDollars());
      if (entry?.kind === 'account') account = entry;
      if (entry) noted.push(entry);
    },
    note: (entry) => {
      noted.push(entry);
    },
    flush,
    look: () => {
      const now = stamp();
      const halted = outside.read();
      if (halted) gate.move({ mode: 'HALTED', at: now, by: halted.by, reason: halted.reason });
      else if (ports.watched()) gate.alive(now);
      const { halt, reductions } = guard.look(now);
      const [first] = reductions;
      if (halt) gate.move({ mode: 'HALTED', at: now, by: GUARD, reason: `${halt.trip}: ${halt.why}` });
      else if (first) {
        if (gate.state().mode === 'ARMED')
          gate.move({ mode: 'REDUCE', at: now, by: GUARD, reason: `${first.trip}: ${first.why}` });
      } else if (gate.state().mode === 'REDUCE' && gate.state().by === GUARD)
        gate.move({ mode: 'ARMED', at: now, by: GUARD, reason: 'nothing speaks against it' });
      void publish();
    },
    status: () => {
      const { account: shown, positions, orders } = seen.state();
      const { mode, reason, by, at } = gate.state();
      // As the venue shows it: what it has not paid yet is still held.
      const held = new Map(positions);
      for (const { ticker, position } of unpaid.values()) held.set(ticker, position);
      return {
        mode,
        reason,
        by,
        since: at,
        cashDollars: adopted && shown ? asPaid(shown.cashDollars) : null,
        positions: Object.fromEntries(
          [...held].filter(([, count]) => count !== 0).map(([ticker, count]) => [ticker, count / HUNDREDTHS]),
        ),
        openOrders: orders.size,
        unknownOrders: [...orders.values()].filter(({ state }) => state === 'unknown').length,
      };
    },
    limits: () => ({ ...gate.caps(), ...gate.use(stamp()) }),
    peakDollars: guard.peakDollars,
    cap: (name, value, reason) => {
      const why = gate.lower(name, value);
      if (why !== undefined) return why;
      const by = OPERATOR;
      command$.next({
        kind: 'command',
        at: stamp(),
        command: 'cap',
        reason: `${name} ${value} ${by}: ${reason}`,
      });
      write([{ at: stamp(), kind: 'cap', body: { by, name, value, reason } }]);
      return undefined;
    },
    halt: (by, reason) => {
      gate.move({ mode: 'HALTED', at: stamp(), by, reason });
      return publish() ?? cancelAll();
    },
    resume: (by, reason) => {
      // Their triggers would come after the reset of the order groups.
      if (cancelling > 0) return 'orders are still being cancelled: ask again in some seconds';
      const now = stamp();
      lift(now);
      guard.rearm();
      const { halt } = guard.look(now);
      if (halt) return `it would halt again at once: ${halt.why}`;
      // The peak begins anew, and a restart must know it.
      if (account)
        write([{ ...account, at: now, body: { ...account.body, peakDollars: guard.peakDollars() } }]);
      void ports.resumed();
      gate.resume({ at: now, by, reason });
      void publish();
      return undefined;
    },
    cancelAll: async (reason) => {
      const by = OPERATOR;
      commanded('cancelAll', { by, reason });
      // With orders on their way it would not come to an end.
      const release = gate.hold('all orders are being cancelled');
      try {
        const result = await ports.cancelOrders();
        write([{ at: stamp(), kind: 'cancelAll', body: { by, reason, result } }]);
        return result;
      } finally {
        release();
      }
    },
    reconcile: () => {
      ports.reconcile();
      return 'the account is being read; what differs in two rounds is told';
    },
    resolve: (text) => {
      const now = stamp();
      command$.next({ kind: 'command', at: now, command: 'resolve', reason: text });
      write([{ at: now, kind: 'resolve', body: { by: OPERATOR, reason: text } }]);
      return `the venue's word is taken for ${text.split(' ')[0] ?? ''}`;
    },
    flatten: async (reason) => {
      if (cancelling > 0)
        return 'nothing was closed: orders are still being cancelled; ask again in some seconds';
      lift(stamp());
      const before = gate.state();
      await ports.resumed();
      const meanwhile = gate.state();
      if (meanwhile !== before && meanwhile.mode === 'HALTED')
        return `nothing was closed: the lane was halted meanwhile by ${meanwhile.by}: ${meanwhile.reason}`;
      const now = stamp();
      const { positions } = seen.state();
      const held = [...positions.values()].filter((position) => position !== 0).length;
      gate.resume({ at: now, by: OPERATOR, reason }, 'REDUCE');
      told = gate.state();
      write([{ at: now, kind: 'reduce', body: { by: told.by, reason: `flatten: ${reason}` } }]);
      commanded('flatten', told);
      return `${held} positions are being closed at the best prices shown; the lane stays in REDUCE until voltage resume`;
    },
  };
}
