/**
 * Numbers from `--name=value` on the command line, for the names that have a default. Other flags are
 * somebody else's.
 */
export function flags(defaults) {
  const read = { ...defaults };
  for (const word of process.argv.slice(2)) {
    const [, name, text] = /^--([a-z]+)=(.+)$/.exec(word) ?? [];
    if (name === undefined || !(name in defaults)) continue;
    const value = Number(text);
    if (!(value > 0)) throw new Error(`bench: --${name} must be a number above 0, was ${text}`);
    read[name] = value;
  }
  return read;
}
