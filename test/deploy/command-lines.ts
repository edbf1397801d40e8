import { readFileSync } from 'node:fs';
import { parse } from 'yaml';

/** One call of `voltage` in a file: its words after the program's name. */
export interface CommandLine {
  readonly file: string;
  readonly words: readonly string[];
}

/**
 * The words of a line of shell, up to a comment, an operator (`||`, `>`) or the end. Quotes hold a word
 * together. Only what this repository's files use is understood.
 */
export function shellWords(line: string): readonly string[] {
  const words: string[] = [];
  for (const [, double, single, bare = ''] of line.matchAll(/"([^"]*)"|'([^']*)'|(\S+)/g)) {
    if (double === undefined && single === undefined && /^(#|\|\|?|&&|>)/.test(bare)) break;
    words.push(double ?? single ?? bare);
  }
  return words;
}

const PROGRAM = /(?:^|\s)(?:npx voltage|voltage|node (?:\S*\/)?dist\/src\/cli\/main\.js)\s(.*)$/;

const callIn = (file: string, line: string): readonly CommandLine[] => {
  const rest = PROGRAM.exec(line)?.[1];
  return rest === undefined ? [] : [{ file, words: shellWords(rest) }];
};

/** Every call in the blocks of shell of a page. */
export const callsInPage = (file: string): readonly CommandLine[] =>
  [...readFileSync(file, 'utf8').matchAll(/^```sh\n([\s\S]*?)^```/gm)].flatMap(([, block = '']) =>
    block
      .split('\n')
      .flatMap((line) => callIn(file, line.replace(/^(?:docker compose exec|sudo -u) voltage /, ''))),
  );

/** Every call that a page names in a line, such as `voltage halt --reason TEXT`. */
export const callsInText = (file: string): readonly CommandLine[] =>
  [...readFileSync(file, 'utf8').matchAll(/`(?:npx )?voltage ([a-z][^`]*)`/g)].map(([, rest = '']) => ({
    file,
    words: shellWords(rest.replaceAll(/\s+/g, ' ')),
  }));

/** Every `ExecStart…` of a systemd unit. */
export const callsInUnit = (file: string): readonly CommandLine[] =>
  readFileSync(file, 'utf8')
    .split('\n')
    .filter((line) => line.startsWith('Exec'))
    .flatMap((line) => callIn(file, line.replace(/^.*?=\S*\/node /, 'node ')));

/** The health check of a container file; its own words stand on the line after. */
export const callsInContainerFile = (file: string): readonly CommandLine[] =>
  readFileSync(file, 'utf8')
    .replaceAll(/\\\n\s*/g, '')
    .split('\n')
    .flatMap((line) => callIn(file, line.replace(/^HEALTHCHECK .*CMD /, '')));

/** The command of every service of a compose file that is built from this repository. */
export function callsInCompose(file: string): readonly CommandLine[] {
  const { services } = parse(readFileSync(file, 'utf8'), { merge: true }) as {
    readonly services: Readonly<Record<string, { readonly build?: unknown; readonly command?: string[] }>>;
  };
  return Object.values(services).flatMap(({ build, command }) =>
    build === undefined || command === undefined ? [] : [{ file, words: command }],
  );
}
