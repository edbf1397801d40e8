import { createInterface } from 'node:readline';
import {
  concatMap,
  defer,
  EMPTY,
  lastValueFrom,
  mergeMap,
  Observable,
  of,
  retry,
  share,
  switchMap,
  tap,
} from 'rxjs';
import { MILLISECOND, MINUTE, SECOND } from '../../src/domain/time.ts';
import { writeHalted } from '../../src/execution/journal/halted-file.ts';
import {
  type Cancelled,
  cancelEverything,
  type GroupAt,
} from '../../src/execution/kalshi/cancel-everything.ts';
import type { UrgentCall } from '../../src/execution/kalshi/urgent-calls.ts';
import { after } from '../../src/operators/after.ts';
import type { EdgeClock } from '../../src/transport/edge-clock.ts';
import { serveSocket } from './serve-socket.ts';
import { type Alarm, type Heard, heardOf, supervision } from './supervision.ts';
import { watchdogWords } from './watchdog-words.ts';

/** What a supervisor needs. */
export interface SupervisorPorts {
  /** The lane's words. */
  readonly input: NodeJS.ReadableStream;
  /** Says a line to the lane, and does not wait for it. */
  readonly say: (line: object) => void;
  readonly log: (line: string) => void;
  readonly call: UrgentCall;
  readonly clock: EdgeClock;
  /** Where it listens to an operator, and what it writes when it halts the account. */
  readonly socket: string;
  readonly halted: string;
  readonly token: string;
  /** The longest silence of a lane that runs. */
  readonly patienceMs: number;
  /** The service manager that started the lane, if it wants to hear of it. */
  readonly manager?: ServiceManager | undefined;
}

/** Who starts the lane again when it hears nothing. */
export interface ServiceManager {
  readonly tell: (word: string) => void;
  /** How often it wants to hear that the lane lives; undefined if it does not ask. */
  readonly everyMs: number | undefined;
}

/**
 * The longest silence of a lane that starts, on a machine that has much to do. Nothing of it rests yet, and one
 * that dies is heard at once.
 */
const STARTING_MS = MINUTE / MILLISECOND;

/** After a lane that died or is blocked it goes on for so long: nobody else is there to do it. */
const PATIENCE_MS = (60 * MINUTE) / MILLISECOND;
/** An operator waits for this at most. */
const OPERATOR_PATIENCE_MS = MINUTE / MILLISECOND;
/** A second look for what came late: portfolio reads lag by about a second. */
const LATE_MS = (2 * SECOND) / MILLISECOND;
/** After an error that nobody foresaw. */
const AGAIN_MS = 500;

/** The lane's words, line by line. It completes when the input ends and fails when it breaks. */
const linesOf = (input: NodeJS.ReadableStream): Observable<string> =>
  new Observable((to) => {
    const lines = createInterface({ input, terminal: false });
    lines.on('line', (line) => to.next(line));
    lines.on('close', () => to.complete());
    input.on('error', (cause) => to.error(cause));
    return () => lines.close();
  });

const wordsOf = (cancelled: Cancelled): string =>
  cancelled.kind === 'clear'
    ? `nothing rests at the venue, after ${cancelled.tries} tries`
    : `orders may still rest: ${cancelled.why}`;

/**
 * Watches a lane until it ends. Where the lane dies or is blocked, and where an operator halts it through the
 * supervisor's own socket, all orders are cancelled by REST, without the lane's help; a halt by an operator
 * or by a blocked lane is written to `halted` first, for the lane to read. It resolves when the lane has
 * ended regularly, or when it died and nothing rests any more.
 */
export async function supervisor(ports: SupervisorPorts): Promise<void> {
  const { call, clock, log, patienceMs } = ports;
  let groups: readonly GroupAt[] = [];
  const halt = (by: string, reason: string): void => {
    try {
      writeHalted(ports.halted, { at: Math.floor(clock.at), by, reason });
    } catch (cause) {
      // Without the file a restarted lane is not halted; the orders go all the same.
      log(`${ports.halted} could not be written: ${cause instanceof Error ? cause.message : String(cause)}`);
    }
  };
  const cancel = (forMs: number, which: readonly GroupAt[]): Observable<Cancelled> =>
    cancelEverything(call, clock, { groups: which, patienceMs: forMs }).pipe(
      tap((result) => log(wordsOf(result))),
    );
  const answer = (alarm: Alarm): Observable<Cancelled> =>
    defer(() => {
      if (alarm.kind === 'blocked') {
        const why = `the lane was silent for ${alarm.silentMs} ms`;
        log(why);
        halt('the supervisor', why);
      } else log('the lane died');
      return cancel(PATIENCE_MS, alarm.groups).pipe(
        concatMap(() => after(LATE_MS, clock)),
        concatMap(() => cancel(PATIENCE_MS, [])),
      );
    }).pipe(
      retry({
        delay: (cause: unknown) => {
          log(
            `cancelling failed, and is tried again: ${cause instanceof Error ? cause.message : String(cause)}`,
          );
          return after(AGAIN_MS, clock);
        },
      }),
    );

  let asked: Promise<unknown> = Promise.resolve();
  const served = await serveSocket(ports.socket, ports.token, {
    reads: new Map(),
    acts: new Map([
      [
        'halt',
        async (reason) => {
          log(`the operator halts: ${reason}`);
          halt('the operator', reason);
          const done = lastValueFrom(cancel(OPERATOR_PATIENCE_MS, groups));
          asked = Promise.all([asked, done]);
          return { status: 200, body: await done };
        },
      ],
    ]),
  });
  const heard$ = linesOf(ports.input).pipe(
    mergeMap((line): Observable<Heard> => {
      const heard = heardOf(line);
      return heard ? of(heard) : EMPTY;
    }),
    tap((heard) => {
      if (heard.kind !== 'beat') return;
      groups = heard.groups;
      ports.say({ beat: heard.beat });
    }),
    share(),
  );
  const { manager } = ports;
  const told = manager && watchdogWords(heard$, clock, manager.everyMs).subscribe(manager.tell);
  log(`watching, as process ${process.pid}`);
  ports.say({ ready: true });
  try {
    const patience = { runningMs: patienceMs, startingMs: STARTING_MS };
    await lastValueFrom(supervision(heard$, clock, patience).pipe(switchMap(answer)), {
      defaultValue: undefined,
    });
    await asked;
  } finally {
    told?.unsubscribe();
    await served.close();
  }
}
