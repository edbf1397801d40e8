import { Command, CommanderError } from 'commander';
import { addBacktest } from './commands/backtest.ts';
import { addDataset } from './commands/dataset.ts';
import { addDemo } from './commands/demo.ts';
import { addDoctor } from './commands/doctor.ts';
import { addEmulate } from './commands/emulate.ts';
import { addEvaluate } from './commands/evaluate.ts';
import { addFeatures } from './commands/features.ts';
import { addFitBackbone } from './commands/fit-backbone.ts';
import { addGenerate } from './commands/generate.ts';
import { addHistory } from './commands/history.ts';
import { addPaper } from './commands/paper.ts';
import { addRecord } from './commands/record.ts';
import { begun } from './end-until-caught.ts';
import { endWithNpm } from './end-with-npm.ts';
import { errorText } from './error-text.ts';
import { packageVersion } from './package-version.ts';
import { startWhereCalled } from './start-where-called.ts';
import { EXIT_USAGE, UsageError } from './usage.ts';
import { watchOutput } from './watch-output.ts';

startWhereCalled();
const program = new Command('voltage')
  .description("a live volatility stack for Kalshi's BTC binary contracts")
  .version(packageVersion(), '-V, --version', 'print the version')
  .exitOverride()
  .showHelpAfterError('(add --help for the options)');
addDemo(program);
addPaper(program);
addRecord(program);
addBacktest(program);
addEmulate(program);
addGenerate(program);
addHistory(program);
addFitBackbone(program);
addFeatures(program);
addDataset(program);
addEvaluate(program);
addDoctor(program);
// Subcommands are made before they can inherit it.
for (const command of program.commands)
  command.exitOverride().showHelpAfterError('(add --help for the options)');

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
