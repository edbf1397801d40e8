import { type Command, Option } from 'commander';
import { merge } from 'rxjs';
import { openFeeds } from '../../../pipelines/edges/open-feeds.ts';
import { record } from '../../../pipelines/lanes/record.ts';
import { patientSettings } from '../../../pipelines/run/patient-settings.ts';
import { demoSettings, withEmulatedModels } from '../../config/demo-settings.ts';
import { MINUTE } from '../../domain/time.ts';
import { withChosenAssets } from '../asset-options.ts';
import { outFolder } from '../existing-file.ts';
import { interrupts } from '../interrupts.ts';
import { openVenues, sessionName } from '../live-venues.ts';
import { printResult } from '../print-result.ts';
import { readSettings } from '../read-settings.ts';
import { screenLine } from '../screen-line.ts';
import { integerWithin } from '../usage.ts';
import { afterMinutes, historyFiles, type LiveFlags, speedOf, withVenueOptions } from '../venue-options.ts';

interface Flags extends LiveFlags {
  readonly out: string;
  readonly rotateMinutes: number;
  readonly rotateMegabytes: number;
}

const MEGABYTE = 1 << 20;
const PRINT_EVERY_MS = 10_000;

/** Adds `voltage record`. */
export function addRecord(program: Command): void {
  withVenueOptions(program.command('record'))
    .addOption(
      new Option('--out <folder>', 'where the tapes go; nothing there is overwritten')
        .argParser(outFolder)
        .makeOptionMandatory(),
    )
    .addOption(
      new Option('--rotate-minutes <n>', 'a new tape at each whole multiple')
        .argParser(integerWithin(1, 1_440))
        .default(60),
    )
    .addOption(
      new Option('--rotate-megabytes <n>', 'a new tape after so much')
        .argParser(integerWithin(1, 100_000))
        .default(256),
    )
    .action(async (flags: Flags) => {
      const { json = false } = flags;
      const speed = speedOf(flags);
      const stop$ = interrupts();
      // A recording of emulated venues keeps the settings that paper trading on them has.
      const emulated = flags.venues === 'emulated';
      const followed = withChosenAssets(
        readSettings(flags.config, emulated ? demoSettings : undefined),
        flags.assets,
      );
      const chosen = emulated ? withEmulatedModels(followed) : followed;
      const venues = await openVenues(chosen, {
        venues: flags.venues,
        tape: flags.tape,
        history: historyFiles(flags, chosen),
        speed,
        faults: flags.fault,
        stop$,
      });
      const { settings, edge } = venues;
      for (const problem of venues.problems) process.stderr.write(`note: ${screenLine(problem)}\n`);
      let printedMs = 0;
      try {
        const summary = await record({
          settings: patientSettings(settings, speed),
          feeds: openFeeds(settings, edge, venues.key),
          clock: edge.clock,
          stamp: edge.stamp,
          folder: flags.out,
          name: sessionName('tape', new Date()),
          history: venues.history,
          rotateBytes: flags.rotateMegabytes * MEGABYTE,
          rotateMicros: flags.rotateMinutes * MINUTE,
          stop$: merge(stop$, afterMinutes(flags.minutes, edge, speed)),
          afterBatch: ({ frames, recorded }) => {
            const now = edge.clock.now();
            if (json || now < printedMs + PRINT_EVERY_MS) return;
            printedMs = now;
            process.stderr.write(
              `recorded ${frames} frames, ${(recorded.bytes / MEGABYTE).toFixed(1)} MB in ${recorded.files} tapes, lost ${recorded.lostFrames}\n`,
            );
          },
        });
        printResult(summary, json, [
          `recorded ${summary.frames} frames from ${summary.from} to ${summary.until}`,
          `tapes       ${summary.recorded.files} in ${flags.out}, ${(summary.recorded.bytes / MEGABYTE).toFixed(1)} MB, lost ${summary.recorded.lostFrames}`,
          `books       Kraken checksums ${summary.kraken.checksumsPassed} passed ${summary.kraken.checksumsFailed} failed, trade gaps ${summary.kraken.tradeGaps}; Kalshi sequence gaps ${summary.kalshi.sequenceGaps}; ${summary.recovered} holes filled`,
        ]);
      } finally {
        await venues.close();
      }
    });
}
