import { type Command, Option } from 'commander';
import { merge } from 'rxjs';
import { operatorCommands } from '../../../pipelines/edges/operator-commands.ts';
import { paper } from '../../../pipelines/lanes/paper.ts';
import { openForecasters } from '../../../pipelines/load/open-forecasters.ts';
import { demoSettings, withEmulatedModels } from '../../config/demo-settings.ts';
import { withChosenAssets } from '../asset-options.ts';
import { type ConsoleFlags, withConsoleOptions } from '../console-options.ts';
import { describeRun } from '../describe-run.ts';
import { outFolder } from '../existing-file.ts';
import { interrupts } from '../interrupts.ts';
import { openVenues, sessionName } from '../live-venues.ts';
import { addModelOptions, type ModelFlags, withModels } from '../model-options.ts';
import { printResult } from '../print-result.ts';
import { readSettings } from '../read-settings.ts';
import { screenLine } from '../screen-line.ts';
import { afterMinutes, historyFiles, type LiveFlags, speedOf, withVenueOptions } from '../venue-options.ts';
import { watchLane } from '../watch-lane.ts';

interface Flags extends LiveFlags, ModelFlags, ConsoleFlags {
  readonly record?: string;
  readonly out?: string;
}

/** Adds `voltage paper`. */
export function addPaper(program: Command): void {
  addModelOptions(withConsoleOptions(withVenueOptions(program.command('paper'))))
    .addOption(
      new Option(
        '--record <folder>',
        'keep a tape of all that came in; it replays to the same decisions',
      ).argParser(outFolder),
    )
    .addOption(
      new Option(
        '--out <folder>',
        'write decisions.ndjson, orders.ndjson, fills.ndjson and summary.json there',
      ).argParser(outFolder),
    )
    .action(async (flags: Flags) => {
      const { json = false } = flags;
      const speed = speedOf(flags);
      const stop$ = interrupts();
      // Emulated makers misprice on purpose; see `demoSettings`.
      const read = readSettings(flags.config, flags.venues === 'emulated' ? demoSettings : undefined);
      const followed = withChosenAssets(read, flags.assets);
      const chosen = withModels(flags.venues === 'emulated' ? withEmulatedModels(followed) : followed, flags);
      const venues = await openVenues(chosen, {
        venues: flags.venues,
        tape: flags.tape,
        history: historyFiles(flags, chosen),
        speed,
        faults: flags.fault,
        stop$,
      });
      const mark = venues.kind === 'live' ? 'PAPER' : 'SIMULATED';
      const name = sessionName('paper', new Date());
      // Before the console's address is told, for it holds the loop.
      const forecasters = await openForecasters(venues.settings.assets, flags, venues.edge.stamp());
      const watch = await watchLane({
        kind: 'paper',
        quiet: json,
        lane: { mark, name, speed },
        settings: venues.settings,
        flags,
      });
      for (const line of forecasters.describe) process.stderr.write(`${mark}  ${screenLine(line)}\n`);
      for (const problem of venues.problems) process.stderr.write(`${mark}  note: ${screenLine(problem)}\n`);
      try {
        const summary = await paper({
          settings: venues.settings,
          forecasterOf: forecasters.of,
          models: forecasters.identities,
          speed,
          command$: merge(
            operatorCommands(process.stdin, venues.edge.stamp, watch.problem),
            watch.commands(venues.edge.stamp),
          ),
          edge: venues.edge,
          key: venues.key,
          venues: venues.kind,
          history: venues.history,
          name,
          record: flags.record,
          out: flags.out,
          tap: watch.tap,
          paint: watch.paint,
          queues: watch.queues,
          stop$: merge(stop$, afterMinutes(flags.minutes, venues.edge, speed)),
        });
        watch.clear();
        printResult(summary, json, ['', `${mark}: no order left this machine.`, ...describeRun(summary)]);
      } finally {
        watch.clear();
        await venues.close();
        await watch.close();
      }
    });
}
