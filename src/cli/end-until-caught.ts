import { exitCodeOf } from './exit-code-of.ts';

const SIGNALS = ['SIGINT', 'SIGTERM'] as const;

let left = 'nothing had begun';
let catching = false;

const end = (signal: NodeJS.Signals): void => {
  process.stderr.write(`voltage: interrupted by ${signal}; ${left}\n`);
  process.exit(exitCodeOf(signal));
};

/**
 * From the call on, a Ctrl-C or SIGTERM ends the process with a sentence on stderr and the exit code of the
 * signal. It is for the time in which a command is loaded, and for commands that catch no signal themselves.
 */
export function endUntilCaught(): void {
  if (catching) return;
  catching = true;
  for (const signal of SIGNALS) process.on(signal, end);
}

/** Notes that a command has begun, so that the sentence names it. */
export function begun(command: string): void {
  left = `${command} had begun and did not end`;
}

/** Leaves the signals to the caller, who catches them from now on. */
export function caught(): void {
  catching = false;
  for (const signal of SIGNALS) process.off(signal, end);
}
