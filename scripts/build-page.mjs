// Builds the operator's page, console/ → dist/console: a page of static files without an inline script or an
// inline style, so that the server can forbid both. `npm run build` and bin/voltage.mjs run it.
import { copyFileSync, mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';

const root = fileURLToPath(new URL('..', import.meta.url));
const from = join(root, 'console');
const to = join(root, 'dist/console');

mkdirSync(to, { recursive: true });
copyFileSync(join(from, 'index.html'), join(to, 'index.html'));
await build({
  absWorkingDir: root,
  entryPoints: { page: join(from, 'main.tsx') },
  outdir: to,
  bundle: true,
  minify: true,
  format: 'esm',
  target: ['es2022'],
  jsx: 'automatic',
  jsxImportSource: 'preact',
  legalComments: 'none',
  logLevel: 'warning',
});
