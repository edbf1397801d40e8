import { join } from 'node:path';
import { type Command, Option } from 'commander';
import { merge } from 'rxjs';
import { operatorCommands } from '../../../pipelines/edges/operator-commands.ts';
import { demo } from '../../../pipelines/lanes/demo.ts';
import { openForecasters } from '../../../pipelines/load/open-forecasters.ts';
import { demoSettings, withEmulatedModels } from '../../config/demo-settings.ts';
import { MILLISECOND } from '../../domain/time.ts';
import { assetsOption, withChosenAssets } from '../asset-options.ts';
import { type ConsoleFlags, withConsoleOptions } from '../console-options.ts';
import { demoLead } from '../demo-lead.ts';
import { describeRun } from '../describe-run.ts';
import { existingFile, outFolder } from '../existing-file.ts';
import { interrupts } from '../interrupts.ts';
import { addModelOptions, type ModelFlags, withModels } from '../model-options.ts';
import { printResult } from '../print-result.ts';
import { readSettings } from '../read-settings.ts';
import { screenLine } from '../screen-line.ts';
import { integerWithin, UsageError } from '../usage.ts';
import { MINUTES_HELP } from '../venue-options.ts';
import { watchLane } from '../watch-lane.ts';

interface Flags extends ModelFlags, ConsoleFlags {
  readonly speed: string;
  readonly assets?: readonly string[];
  readonly minutes?: number;
  readonly seed?: string;
  readonly config?: string;
  readonly out?: string;
  readonly record?: string;
  readonly json?: boolean;
}

const speedOf = (text: string): number => {
  const speed = Number(text);
  if (!(speed >= 1 && speed <= 200))
    throw new UsageError(`--speed must be a number from 1 to 200, was ${text}`);
  return speed;
};

/** What a newcomer may do after a demo. */
const whatNext = ({ record, out }: Flags): readonly string[] => [
  'next:',
  ...(record === undefined
    ? [
        '  npx voltage demo --record tapes/demo --out runs/demo   the same, kept: a tape, and a line for each decision',
      ]
    : [`  npx voltage backtest ${record}   the same again from its tape: the same orders, the same hash`]),
  ...(out === undefined
    ? []
    : [
        `  ${join(out, 'SIMULATED-decisions.ndjson')}   each decision with its reasons; docs/files.md says what is in it`,
      ]),
  '  npx voltage doctor   is this machine ready for the real market',
  '  npx voltage paper    real prices, no order leaves the machine',
];

/** Adds `voltage demo`. */
export function addDemo(program: Command): void {
  addModelOptions(withConsoleOptions(program.command('demo')))
    .option('--speed <factor>', 'event time per wall time, 1 to 200', '60')
    .addOption(
      new Option('--minutes <n>', `${MINUTES_HELP} (default: 61)`).argParser(integerWithin(1, 1_440)),
    )
    .addOption(assetsOption())
    .option('--seed <text>', 'another market; the same seed gives the same market')
    .addOption(
      new Option('--config <file>', "settings, YAML or JSON, on top of the demo's own").argParser(
        existingFile,
      ),
    )
    .addOption(
      new Option('--out <folder>', 'write SIMULATED-decisions.ndjson and its companions there').argParser(
        outFolder,
      ),
    )
    .addOption(
      new Option(
        '--record <folder>',
        'keep a tape of all that came over the sockets; it replays to the same decisions',
      ).argParser(outFolder),
    )
    .option('--json', 'print the summary as one line of JSON')
    .action(async (flags: Flags) => {
      const speed = speedOf(flags.speed);
      const read = readSettings(flags.config, demoSettings);
      const chosen = withModels(withEmulatedModels(withChosenAssets(read, flags.assets)), flags);
      const settings = {
        ...chosen,
        emulator: {
          ...read.emulator,
          ...(flags.minutes !== undefined && { spanMinutes: flags.minutes }),
          ...(flags.seed !== undefined && { seed: flags.seed }),
        },
      };
      const startAt = Date.parse(settings.emulator.startAt) * MILLISECOND;
      // Before the console's address is told, for it holds the loop.
      const forecasters = await openForecasters(settings.assets, flags, startAt);
      const watch = await watchLane({
        kind: 'demo',
        quiet: flags.json ?? false,
        lane: { mark: 'SIMULATED', name: `demo-${settings.emulator.seed}`, speed },
        settings,
        flags,
      });
      for (const line of forecasters.describe) process.stderr.write(`SIMULATED  ${screenLine(line)}\n`);
      const stop$ = interrupts();
      try {
        const summary = await demo({
          settings,
          forecasterOf: forecasters.of,
          models: forecasters.identities,
          speed,
          commands: (stamp) =>
            merge(operatorCommands(process.stdin, stamp, watch.problem), watch.commands(stamp)),
          out: flags.out,
          tap: watch.tap,
          paint: watch.paint,
          queues: watch.queues,
          record: flags.record,
          stop$,
        });
        watch.clear();
        printResult(summary, flags.json ?? false, [
          '',
          'SIMULATED: emulated venues, no real money, no real prices.',
          ...demoLead(summary),
          '',
          ...describeRun(summary),
          '',
          ...whatNext(flags),
        ]);
      } finally {
        await watch.close();
      }
    });
}
