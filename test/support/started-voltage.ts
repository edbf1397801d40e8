import { spawn } from 'node:child_process';
import { tempFolder } from './temp-folder.ts';
import type { Ended } from './voltage.ts';

/** A run of the command that goes on beside the test. */
export interface Started {
  readonly kill: (signal: NodeJS.Signals) => void;
  /**
   * Ends it and whatever it started, at once, and waits until they are gone. For cleaning up: what `npm` started
   * outlives `npm`, and would keep the test's process alive.
   */
  readonly end: () => Promise<void>;
  /** Writes to an input that is left open. Throws where there is none. */
  readonly say: (text: string) => void;
  /** Resolves with the first line of stdout; rejects if the command ends before it. */
  readonly firstLine: Promise<string>;
  /** The same of stderr. */
  readonly firstError: Promise<string>;
  /**
   * Resolves once the command has ended and its output is complete; `code` is null after a signal. Never
   * rejects.
   */
  readonly ended: Promise<Ended>;
}

/** What a lane keeps of its own accord stays out of the user's folders. */
const state = tempFolder();

/** The build itself, which most tests start: nothing stands between it and them. */
const BUILT = [process.execPath, 'dist/src/cli/main.js'] as const;

/**
 * Starts the `voltage` command without a terminal and without an InfluxDB. `end` it, whatever came.
 * `command` is a program and its first words; a signal goes to that program.
 */
export function startVoltage(
  words: readonly string[],
  command: readonly [string, ...(readonly string[])] = BUILT,
  /** `none` is /dev/null; `open` stays open until the command ends. */
  input: 'none' | 'open' = 'none',
  variables: Readonly<Record<string, string>> = {},
): Started {
  const { INFLUX_URL: _, ...inherited } = process.env;
  const environment = { ...inherited, XDG_STATE_HOME: state, ...variables };
  const [program, ...first] = command;
  // A group of its own, so that `end` reaches whatever the program starts.
  const options = { env: environment, detached: true };
  const child =
    input === 'none'
      ? spawn(program, [...first, ...words], { ...options, stdio: ['ignore', 'pipe', 'pipe'] })
      : spawn(program, [...first, ...words], { ...options, stdio: ['pipe', 'pipe', 'pipe'] });
  let stdout = '';
  let stderr = '';
  const firstLine = new Promise<string>((resolve, reject) => {
    child.stdout.setEncoding('utf8').on('data', (text: string) => {
      stdout += text;
      if (stdout.includes('\n')) resolve(stdout.slice(0, stdout.indexOf('\n')));
    });
    child.once('close', () =>
      reject(new Error(`voltage: ended without a line of stdout; stderr: ${stderr}`)),
    );
  });
  // Not every test waits for a line.
  firstLine.catch(() => {});
  const firstError = new Promise<string>((resolve, reject) => {
    child.stderr.setEncoding('utf8').on('data', (text: string) => {
      stderr += text;
      if (stderr.includes('\n')) resolve(stderr.slice(0, stderr.indexOf('\n')));
    });
    child.once('close', () => reject(new Error('voltage: ended without a line of stderr')));
  });
  firstError.catch(() => {});
  const ended = new Promise<Ended>((resolve) =>
    child.once('close', (code) => resolve({ code, stdout, stderr })),
  );
  return {
    kill: (signal) => {
      child.kill(signal);
    },
    end: async () => {
      try {
        if (child.pid !== undefined) process.kill(-child.pid, 'SIGKILL');
      } catch (cause) {
        // Nobody of the group is left.
        if ((cause as NodeJS.ErrnoException).code !== 'ESRCH') throw cause;
      }
      await ended;
    },
    say: (text) => {
      if (!child.stdin) throw new Error('startVoltage: there is no input to write to');
      child.stdin.write(text);
    },
    firstLine,
    firstError,
    ended,
  };
}
