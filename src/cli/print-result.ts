import { asciiJson } from './ascii-json.ts';
import { screenLine } from './screen-line.ts';

/**
 * Prints a command's result on stdout: as lines for people, or as one line of JSON, which is the last line of
 * the output.
 */
export function printResult(result: object, json: boolean, lines: readonly string[]): void {
  process.stdout.write(json ? `${asciiJson(result)}\n` : `${lines.map(screenLine).join('\n')}\n`);
}
