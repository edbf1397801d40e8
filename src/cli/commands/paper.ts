import type { Command } from 'commander';
import { merge } from 'rxjs';
import { paper } from '../../../pipelines/lanes/paper.ts';
import { openForecaster } from '../../../pipelines/load/open-forecaster.ts';
import { demoSettings } from '../../config/demo-settings.ts';
import { after } from '../../operators/after.ts';
import { describeRun } from '../describe-run.ts';
import { interrupts } from '../interrupts.ts';
import { laneScreen } from '../lane-screen.ts';
import { openVenues } from '../live-venues.ts';
import { addModelOptions, type ModelFlags } from '../model-options.ts';
import { openTelemetry } from '../open-telemetry.ts';
import { printResult } from '../print-result.ts';
import { readSettings } from '../read-settings.ts';
import { sessionName } from '../session-name.ts';
import { type LiveFlags, speedOf, withVenueOptions } from '../venue-options.ts';

interface Flags extends LiveFlags, ModelFlags {
  readonly record?: string;
  readonly out?: string;
}

const MINUTE_MS = 60_000;

/** Adds `voltage paper`. */
export function addPaper(program: Command): void {
  addModelOptions(
    withVenueOptions(
      program
        .command('paper')
        .description('trade on paper against live venues: real prices, no order leaves this machine'),
    ),
  )
    .option('--record <folder>', 'keep a tape of all that came in; it replays to the same decisions')
    .option('--out <folder>', 'write decisions.ndjson, orders.ndjson, fills.ndjson and summary.json there')
    .action(async (flags: Flags) => {
      const { json = false } = flags;
      const speed = speedOf(flags);
      const stop$ = interrupts();
      // Emulated makers are wrong by design; see `demoSettings`.
      const read =
        flags.config === undefined && flags.venues === 'emulated' ? demoSettings : readSettings(flags.config);
      const venues = await openVenues(read, {
        venues: flags.venues,
        tape: flags.tape,
        history: flags.history ?? read.backtest.history,
        speed,
        faults: flags.fault,
      });
      const mark = venues.kind === 'live' ? 'PAPER' : 'SIMULATED';
      const forecaster = await openForecaster(flags, venues.edge.stamp());
      process.stderr.write(`${mark}  ${forecaster.describe}\n`);
      for (const problem of venues.problems) process.stderr.write(`${mark}  note: ${problem}\n`);
      const screen = laneScreen(process.stderr, { mark, quiet: json });
      const telemetry = openTelemetry('paper', venues.settings);
      const { clock } = venues.edge;
      try {
        const summary = await paper({
          settings: venues.settings,
          forecaster,
          edge: venues.edge,
          key: venues.key,
          venues: venues.kind,
          history: venues.history,
          name: sessionName('paper', new Date()),
          record: flags.record,
          out: flags.out,
          tap: (event) => {
            screen.add(event);
            telemetry.tap(event);
          },
          paint: screen.paint,
          stop$: flags.minutes === undefined ? stop$ : merge(stop$, after(flags.minutes * MINUTE_MS, clock)),
        });
        screen.close();
        printResult(summary, json, ['', `${mark}: no order left this machine.`, ...describeRun(summary)]);
      } finally {
        screen.close();
        await venues.close();
        await telemetry.close();
      }
    });
}
