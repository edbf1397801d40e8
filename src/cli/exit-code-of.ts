/** How a signal is told by an exit code: 128 and the signal's number. */
const CODES: Readonly<Partial<Record<NodeJS.Signals, number>>> = { SIGHUP: 129, SIGINT: 130, SIGTERM: 143 };

/**
 * Exit code of a command that a signal ended before its work was done. A live lane has no such end: a signal
 * is how it ends, with 0.
 */
export const exitCodeOf = (signal: NodeJS.Signals): number => CODES[signal] ?? 1;
