#!/usr/bin/env node
// The `voltage` command. `npm ci` runs no scripts and dist/ is not committed, so this builds dist/ first when
// it is missing or older than its sources (about a second). Then it runs the command in this same process:
// signals reach it.
import { spawnSync } from 'node:child_process';
import { existsSync, readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = fileURLToPath(new URL('..', import.meta.url));
const main = join(root, 'dist/src/cli/main.js');
const compiler = join(root, 'node_modules/typescript/bin/tsc');
const SOURCES = ['src', 'pipelines'].map((name) => join(root, name));

/** Folders count too: a file that is moved or deleted leaves no newer file. */
const newest = (folder) =>
  readdirSync(folder, { recursive: true })
    .map((name) => statSync(join(folder, name)).mtimeMs)
    .reduce((latest, mtimeMs) => Math.max(latest, mtimeMs), statSync(folder).mtimeMs);

const isFresh = () =>
  existsSync(main) &&
  SOURCES.every((folder) => !existsSync(folder) || newest(folder) <= statSync(main).mtimeMs);

const refuse = (why) => {
  process.stderr.write(`voltage: ${why}\n`);
  process.exit(1);
};

if (!isFresh()) {
  if (!existsSync(compiler))
    refuse(`there is no build, and no compiler to make one; run \`npm ci\` in ${root}`);
  process.stderr.write('voltage: building\n');
  const arguments_ = [compiler, '-p', join(root, 'tsconfig.build.json')];
  const { status, stdout } = spawnSync(process.execPath, arguments_, { encoding: 'utf8' });
  if (status !== 0) refuse(`the sources do not compile; \`npm run build\` says the same:\n${stdout}`);
}

await import(new URL('../dist/src/cli/main.js', import.meta.url).href);
