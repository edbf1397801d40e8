// Makes what Grafana is given of its source: `npm run dashboards`. With --check it only says whether the committed files are those.
import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { build } from 'esbuild';

const bundle = join('node_modules', '.cache', `dashboards-${process.pid}.mjs`);
mkdirSync(dirname(bundle), { recursive: true });
await build({
  entryPoints: ['grafana/source/files.ts'],
  bundle: true,
  platform: 'node',
  format: 'esm',
  packages: 'external',
  outfile: bundle,
  logLevel: 'warning',
});
const { files } = await import(pathToFileURL(bundle).href);
rmSync(bundle);

const checks = process.argv.includes('--check');
const differ = files().filter(({ path, text }) => {
  const file = join('grafana', path);
  if (existsSync(file) && readFileSync(file, 'utf8') === text) return false;
  if (!checks) {
    mkdirSync(dirname(file), { recursive: true });
    writeFileSync(file, text);
  }
  return true;
});
for (const { path } of differ)
  console.log(
    checks ? `grafana/${path} is not what grafana/source makes; run npm run dashboards` : `grafana/${path}`,
  );
if (checks && differ.length > 0) process.exitCode = 1;
