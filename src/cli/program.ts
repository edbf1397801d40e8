import { Command } from 'commander';
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
import { addInflux } from './commands/influx.ts';
import { addJournal } from './commands/journal.ts';
import { addLive } from './commands/live.ts';
import { addMetrics } from './commands/metrics.ts';
import { addOperate } from './commands/operate.ts';
import { addPaper } from './commands/paper.ts';
import { addQuery } from './commands/query.ts';
import { addRecord } from './commands/record.ts';
import { addSupervise } from './commands/supervise.ts';
import { addWhy } from './commands/why.ts';
import { packageVersion } from './package-version.ts';

/**
 * The whole command line of `voltage`. Problems with it are thrown, not printed with an end of the process.
 */
export function voltageProgram(): Command {
  const program = new Command('voltage')
    .description("a live volatility stack for Kalshi's BTC binary contracts")
    .version(packageVersion(), '-V, --version', 'print the version')
    .exitOverride()
    .showHelpAfterError('(add --help for the options)');
  addDemo(program);
  addPaper(program);
  addLive(program);
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
  addOperate(program);
  addSupervise(program);
  addJournal(program);
  addWhy(program);
  addQuery(program);
  addMetrics(program);
  addInflux(program);
  // Subcommands are made before they can inherit it.
  const inherit = (command: Command): void => {
    for (const each of command.commands) {
      each.exitOverride().showHelpAfterError('(add --help for the options)');
      inherit(each);
    }
  };
  inherit(program);
  return program;
}
