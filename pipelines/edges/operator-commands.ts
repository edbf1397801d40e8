import { createInterface } from 'node:readline';
import { Observable } from 'rxjs';
import type { CommandFrame } from '../../src/domain/frame.ts';
import type { Micros } from '../../src/domain/time.ts';

const COMMANDS: readonly string[] = [
  'halt',
  'reduce',
  'resume',
  'flatten',
  'resolve',
] satisfies readonly CommandFrame['command'][];

/** Why a line is not a command, as a sentence for the operator. */
export interface NoCommand {
  readonly kind: 'noCommand';
  readonly why: string;
}

/**
 * Reads a line as an operator's command. The first word is the command, the rest is the reason; a `resolve`
 * must begin its reason with a ticker.
 */
export function commandOf(line: string, at: Micros): CommandFrame | NoCommand {
  const [word = '', ...rest] = line.trim().split(/\s+/);
  if (!COMMANDS.includes(word))
    return {
      kind: 'noCommand',
      why: `a command must be ${COMMANDS.join(' or ')} and a reason, was ${JSON.stringify(line.slice(0, 60))}`,
    };
  if (word === 'resolve' && rest.length === 0)
    return {
      kind: 'noCommand',
      why: 'resolve must name the ticker whose differences are resolved: resolve TICKER REASON',
    };
  return { kind: 'command', at, command: word as CommandFrame['command'], reason: rest.join(' ') };
}

/** Where an operator's lines come from. */
type Lines = NodeJS.ReadableStream & { readonly unref?: () => void };

/**
 * An operator's commands, one a line: `halt REASON`, `resume REASON`, `resolve TICKER REASON`. A line that is
 * not a command is reported to `onProblem`; blank lines are ignored. The lane goes on when the input ends or
 * breaks; a broken input is reported to `onProblem`. Reading does not keep the process alive.
 */
export const operatorCommands = (
  input: Lines,
  stamp: () => Micros,
  onProblem: (why: string) => void,
): Observable<CommandFrame> =>
  new Observable((to) => {
    const lines = createInterface({ input, terminal: false });
    lines.on('line', (line) => {
      if (line.trim() === '') return;
      const read = commandOf(line, stamp());
      if (read.kind === 'command') to.next(read);
      else onProblem(read.why);
    });
    // When the terminal goes away, its input breaks. The lane then runs on without commands.
    lines.on('error', ({ message }: Error) => onProblem(`commands can no longer be read: ${message}`));
    input.unref?.();
    return () => {
      lines.close();
      input.pause();
    };
  });
