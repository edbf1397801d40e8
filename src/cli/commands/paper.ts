import { type Command, Option } from 'commander';
import { merge } from 'rxjs';
import { operatorCommands } from '../../../pipelines/edges/operator-commands.ts';
import { paper } from '../../../pipelines/lanes/paper.ts';
import { openForecasters } from '../../../pipelines/load/open-forecasters.ts';
import { demoSettings, withEmulatedModels } from '../../config/demo-settings.ts';
import { withChosenAssets } from '../asset-options.ts';
import { describeRun } from '../describe-run.ts';
import { outFolder } from '../existing-file.ts';
import { interrupts } from '../interrupts.ts';
import { laneScreen } from '../lane-screen.ts';
import { openVenues, sessionName } from '../live-venues.ts';
import { addModelOptions, type ModelFlags, withModels } from '../model-options.ts';
import { notifyPerson } from '../notify-person.ts';
import { openTelemetry } from '../open-telemetry.ts';
import { printResult } from '../print-result.ts';
import { readSettings } from '../read-settings.ts';
import { screenLine } from '../screen-line.ts';
import { afterMinutes, historyFiles, type LiveFlags, speedOf, withVenueOptions } from '../venue-options.ts';

interface Flags extends LiveFlags, ModelFlags {
  readonly record?: string;
  readonly out?: string;
}

/** Adds `voltage paper`. */
export function addPaper(program: Command): void {
  addModelOptions(
    withVenueOptions(
      program
        .command('paper')
        .description('trade on paper against live venues: real prices, no order leaves this machine'),
    ),
  )
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
      const forecasters = await openForecasters(venues.settings.assets, flags, venues.edge.stamp());
      for (const line of forecasters.describe) process.stderr.write(`${mark}  ${screenLine(line)}\n`);
      for (const problem of venues.problems) process.stderr.write(`${mark}  note: ${screenLine(problem)}\n`);
      const screen = laneScreen(process.stderr, { mark, quiet: json });
      const person = notifyPerson(mark, venues.settings);
      const telemetry = openTelemetry('paper', venues.settings, {
        mark,
        speed,
        others: { notify: person.stats },
      });
      try {
        const summary = await paper({
          settings: venues.settings,
          forecasterOf: forecasters.of,
          models: forecasters.identities,
          speed,
          command$: operatorCommands(process.stdin, venues.edge.stamp, screen.problem),
          edge: venues.edge,
          key: venues.key,
          venues: venues.kind,
          history: venues.history,
          name: sessionName('paper', new Date()),
          record: flags.record,
          out: flags.out,
          tap: (audited) => {
            screen.add(audited);
            telemetry.tap(audited.event);
            person.tap(audited);
          },
          paint: screen.paint,
          stop$: merge(stop$, afterMinutes(flags.minutes, venues.edge, speed)),
        });
        screen.close();
        printResult(summary, json, ['', `${mark}: no order left this machine.`, ...describeRun(summary)]);
      } finally {
        screen.close();
        await venues.close();
        await person.close();
        await telemetry.close();
      }
    });
}
