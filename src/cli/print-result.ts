/** Prints a command's result on stdout: for people, or as one line of JSON that is the last of the output. */
export function printResult(result: object, json: boolean, lines: readonly string[]): void {
  process.stdout.write(json ? `${JSON.stringify(result)}\n` : `${lines.join('\n')}\n`);
}
