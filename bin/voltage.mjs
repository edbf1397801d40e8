#!/usr/bin/env node
// The `voltage` command. `npm ci` runs no scripts and dist/ is not committed, so this builds dist/ first when
// it, or the page of the console in it, is missing or older than its sources (about two seconds). Then it runs
// the command in this same process: signals reach it.
import { spawnSync } from 'node:child_process';
import { existsSync, readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = fileURLToPath(new URL('..', import.meta.url));
const main = join(root, 'dist/src/cli/main.js');
const compiler = join(root, 'node_modules/typescript/bin/tsc');
/** What is built from which folders. The page shares types and functions with the lane. */
const BUILT = [
  { file: main, folders: ['src', 'pipelines'] },
  { file: join(root, 'dist/console/page.js'), folders: ['console', 'src/console'] },
];

/** Folders count too: a file that is moved or deleted leaves no newer file. */
const newest = (folder) =>
  readdirSync(folder, { recursive: true })
    .map((name) => statSync(join(folder, name)).mtimeMs)
    .reduce((latest, mtimeMs) => Math.max(latest, mtimeMs), statSync(folder).mtimeMs);

const isFresh = ({ file, folders }) =>
  existsSync(file) &&
  folders
    .map((folder) => join(root, folder))
    .every((folder) => !existsSync(folder) || newest(folder) <= statSync(file).mtimeMs);

const refuse = (why) => {
  process.stderr.write(`voltage: ${why}\n`);
  process.exit(1);
};

if (!BUILT.every(isFresh)) {
  if (!existsSync(compiler))
    refuse(`there is no build, and no compiler to make one; run \`npm ci\` in ${root}`);
  process.stderr.write('voltage: building\n');
  for (const words of [
    [compiler, '-p', join(root, 'tsconfig.build.json')],
    [join(root, 'scripts/build-page.mjs')],
  ]) {
    const { status, stdout, stderr } = spawnSync(process.execPath, words, { encoding: 'utf8' });
    if (status !== 0)
      refuse(`the sources do not compile; \`npm run build\` says the same:\n${stdout}${stderr}`);
  }
}

await import(new URL('../dist/src/cli/main.js', import.meta.url).href);
