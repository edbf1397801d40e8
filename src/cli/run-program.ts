import { CommanderError } from 'commander';
import { begun } from './end-until-caught.ts';
import { endWithNpm } from './end-with-npm.ts';
import { errorText } from './error-text.ts';
import { voltageProgram } from './program.ts';
import { startWhereCalled } from './start-where-called.ts';
import { EXIT_USAGE, UsageError } from './usage.ts';
import { watchOutput } from './watch-output.ts';

startWhereCalled();
// `help NAME` and a name that is another command's argument load one command more than is needed.
const program = await voltageProgram(process.argv.slice(2));
program.hook('preAction', (_, command) => begun(command.name()));
watchOutput();
endWithNpm();
try {
  await program.parseAsync();
} catch (cause) {
  if (cause instanceof CommanderError) process.exitCode = cause.exitCode === 0 ? 0 : EXIT_USAGE;
  else {
    process.stderr.write(`voltage: ${errorText(cause)}\n`);
    process.exitCode = cause instanceof UsageError ? EXIT_USAGE : 1;
  }
}
