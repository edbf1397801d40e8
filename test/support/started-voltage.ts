import { spawn } from 'node:child_process';
import type { Ended } from './voltage.ts';

/** A run of the command that goes on beside the test. */
export interface Started {
  readonly kill: (signal: NodeJS.Signals) => void;
  /** Resolves with the first line of stdout; rejects if the command ends before it. */
  readonly firstLine: Promise<string>;
  /** Resolves once the command has ended and its output is complete; `code` is null after a signal. Never rejects. */
  readonly ended: Promise<Ended>;
}

/** Starts the built `voltage` command without a terminal and without an InfluxDB. Kill it in the end, whatever came. */
export function startVoltage(words: readonly string[]): Started {
  const { INFLUX_URL: _, ...environment } = process.env;
  const child = spawn(process.execPath, ['dist/src/cli/main.js', ...words], {
    env: environment,
    stdio: ['ignore', 'pipe', 'pipe'],
  });
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
  child.stderr.setEncoding('utf8').on('data', (text: string) => {
    stderr += text;
  });
  return {
    kill: (signal) => {
      child.kill(signal);
    },
    firstLine,
    ended: new Promise((resolve) => child.once('close', (code) => resolve({ code, stdout, stderr }))),
  };
}
