import { spawn } from 'node:child_process';
import { closeSync, openSync } from 'node:fs';
import type { Socket } from 'node:net';
import { createInterface } from 'node:readline';
import { AsyncSubject, type Observable } from 'rxjs';
import type { GroupAt } from '../../src/execution/kalshi/cancel-everything.ts';
import type { EdgeClock } from '../../src/transport/edge-clock.ts';
import { supervisorLine } from './supervision.ts';

/** How to start a supervisor. */
export interface StartSupervisor {
  /** The program and its words: `node main.js supervise …`. */
  readonly command: readonly [string, ...(readonly string[])];
  readonly environment: NodeJS.ProcessEnv;
  /** The file that it logs to. */
  readonly log: string;
  readonly clock: EdgeClock;
}

/** A supervisor that watches this process. */
export interface Supervisor {
  /**
   * Says that this process runs, which order groups it uses, and whether it is still starting: then it has
   * sent no order, and may be silent for longer. To be called each 250 ms.
   */
  readonly beat: (groups: readonly GroupAt[], starting?: boolean) => void;
  /** Ends the supervision regularly, and resolves when the supervisor has ended. */
  readonly bye: () => Promise<void>;
  /** Whether it runs and has answered a beat within the last seconds. Without it no order should leave. */
  readonly alive: () => boolean;
  /** Says why it ended, if it ended before `bye`, and completes; completes after `bye`. */
  readonly lost$: Observable<string>;
}

/** It must answer within this to count as alive. */
const MOST_SILENT_MS = 2_000;
/** A busy machine needs long to load the program. */
const START_MS = 60_000;

/**
 * Starts a supervisor as a process of its own session, so that neither this process's end nor a signal of its
 * terminal ends it. Resolves when it watches; rejects with a sentence if it does not come to that.
 */
export function startSupervisor({
  command: [program, ...words],
  environment,
  log,
  clock,
}: StartSupervisor): Promise<Supervisor> {
  const file = openSync(log, 'a', 0o600);
  const child = spawn(program, words, {
    detached: true,
    stdio: ['pipe', 'pipe', file],
    env: environment,
  });
  closeSync(file);
  const { stdin, stdout } = child as typeof child & { readonly stdin: Socket; readonly stdout: Socket };
  // Neither the process nor its pipes may keep a lane alive that has failed.
  for (const each of [child, stdin, stdout]) each.unref();
  const lost$ = new AsyncSubject<string>();
  let ended = false;
  let leaving = false;
  let beats = 0;
  let answeredMs = clock.now();

  const end = (why: string): void => {
    if (ended) return;
    ended = true;
    if (!leaving) lost$.next(`the supervisor ended (${why}); ${log} may say why`);
    lost$.complete();
  };
  child.on('error', ({ message }) => end(message));
  child.on('exit', (code, signal) => end(signal ?? `code ${code}`));
  // A supervisor that is gone cannot be written to; its exit says the rest.
  stdin.on('error', () => {});

  const supervisor: Supervisor = {
    beat: (groups, starting = false) => {
      // A supervisor that does not read gets no more, so that nothing piles up here.
      if (ended || stdin.writableNeedDrain) return;
      stdin.write(supervisorLine({ kind: 'beat', beat: ++beats, groups, starting }));
    },
    bye: () =>
      new Promise((resolve) => {
        leaving = true;
        child.ref();
        lost$.subscribe({ complete: resolve });
        if (!ended) stdin.end(supervisorLine({ kind: 'bye' }));
      }),
    alive: () => !ended && clock.now() - answeredMs <= MOST_SILENT_MS,
    lost$: lost$.asObservable(),
  };
  return new Promise((resolve, reject) => {
    const late = setTimeout(() => {
      child.kill('SIGKILL');
      reject(new Error(`the supervisor did not start within ${START_MS / 1_000} s; ${log} may say why`));
    }, START_MS);
    createInterface({ input: stdout, terminal: false }).on('line', () => {
      answeredMs = clock.now();
      clearTimeout(late);
      resolve(supervisor);
    });
    lost$.subscribe((why) => {
      clearTimeout(late);
      reject(new Error(why));
    });
  });
}
