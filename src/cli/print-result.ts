/**
 * Prints a command's result on stdout: as lines for people, or as one line of JSON, which is the last line of
 * the output.
 */
export function printResult(result: object, json: boolean, lines: readonly string[]): void {
  process.stdout.write(json ? `${JSON.stringify(result)}\n` : `${lines.join('\n')}\n`);
}
