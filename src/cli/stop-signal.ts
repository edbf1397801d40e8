import { exitCodeOf } from './exit-code-of.ts';
import { interrupts } from './interrupts.ts';

/** Whether work that would end by itself is to end before. */
export interface StopSignal {
  readonly stopped: () => boolean;
  /** The signal that asked for it, if one came. */
  readonly signal: () => NodeJS.Signals | undefined;
}

/** Catches the first signal from the call on, for work that asks now and then whether to go on. */
export function stopSignal(): StopSignal {
  let first: NodeJS.Signals | undefined;
  interrupts().subscribe((signal) => {
    first = signal;
  });
  return { stopped: () => first !== undefined, signal: () => first };
}

/** Tells on stderr that a signal ended the work, and what is left of it; sets the exit code of that signal. */
export function endInterrupted(signal: NodeJS.Signals = 'SIGINT', left: string): void {
  process.stderr.write(`voltage: interrupted by ${signal}; ${left}\n`);
  process.exitCode = exitCodeOf(signal);
}
