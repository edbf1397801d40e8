import { type Command, Option } from 'commander';
import { demo } from '../../../pipelines/demo.ts';
import { loadBackbone } from '../../../pipelines/load-backbone.ts';
import { demoSettings } from '../../config/demo-settings.ts';
import { demoScreen } from '../demo-screen.ts';
import { describeRun } from '../describe-run.ts';
import { openTelemetry } from '../open-telemetry.ts';
import { printResult } from '../print-result.ts';
import { readSettings } from '../read-settings.ts';
import { existing, integerWithin, UsageError } from '../usage.ts';

interface Flags {
  readonly speed: string;
  readonly minutes?: number;
  readonly seed?: string;
  readonly config?: string;
  readonly out?: string;
  readonly json?: boolean;
}

const speedOf = (text: string): number => {
  if (text === 'max') return Number.POSITIVE_INFINITY;
  const speed = Number(text);
  if (!(speed >= 1 && speed <= 100_000))
    throw new UsageError(`--speed must be max or a number from 1 to 100000, was ${text}`);
  return speed;
};

/** Adds `voltage demo`. */
export function addDemo(program: Command): void {
  program
    .command('demo')
    .description('run the whole graph on emulated venues: nothing real, nothing to install (SIMULATED)')
    .option('--speed <factor>', 'event time per wall time, or max', '120')
    .addOption(
      new Option('--minutes <n>', 'event time to run, in minutes (default: 61)').argParser(
        integerWithin(1, 1_440),
      ),
    )
    .option('--seed <text>', 'another market; the same seed gives the same market')
    .addOption(new Option('--config <file>', 'settings, YAML or JSON').argParser(existing))
    .option('--out <folder>', 'write SIMULATED-decisions.ndjson and its companions there')
    .option('--json', 'print the summary as one line of JSON')
    .action(async (flags: Flags) => {
      const speed = speedOf(flags.speed);
      const read = flags.config === undefined ? demoSettings : readSettings(flags.config);
      const settings = {
        ...read,
        emulator: {
          ...read.emulator,
          ...(flags.minutes !== undefined && { spanMinutes: flags.minutes }),
          ...(flags.seed !== undefined && { seed: flags.seed }),
        },
      };
      const backbone = loadBackbone();
      const screen = demoScreen(process.stderr, flags.json ?? false);
      const telemetry = openTelemetry('demo', settings);
      let interrupted = false;
      const interrupt = (): void => {
        if (interrupted) process.exit(130);
        interrupted = true;
      };
      process.on('SIGINT', interrupt);
      try {
        const summary = await demo({
          settings,
          backbone,
          speed,
          out: flags.out,
          tap: (event) => {
            screen.add(event);
            telemetry.tap(event);
          },
          paint: screen.paint,
          stopped: () => interrupted,
        });
        screen.close();
        printResult(summary, flags.json ?? false, [
          '',
          'SIMULATED: emulated venues, no real money, no real prices.',
          ...describeRun(summary),
        ]);
      } finally {
        screen.close();
        process.off('SIGINT', interrupt);
        await telemetry.close();
      }
    });
}
