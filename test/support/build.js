// The command is tested as users run it, from the build; one build before all suites.
import { execFileSync } from 'node:child_process';

export default function build() {
  execFileSync(process.execPath, ['node_modules/typescript/bin/tsc', '-p', 'tsconfig.build.json'], {
    stdio: 'inherit',
  });
}
