// The command is tested as users run it, from the build; one build before all suites.
import { execFileSync } from 'node:child_process';

export default function build() {
  for (const words of [
    ['node_modules/typescript/bin/tsc', '-p', 'tsconfig.build.json'],
    ['scripts/build-page.mjs'],
  ])
    execFileSync(process.execPath, words, { stdio: 'inherit' });
}
