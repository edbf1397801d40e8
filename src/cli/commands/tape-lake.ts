import { type Command, Option } from 'commander';
import { archiveTapes } from '../../../pipelines/tapes/archive.ts';
import { compactLake, pruneLake } from '../../../pipelines/tapes/tend-lake.ts';
import { MILLISECOND } from '../../domain/time.ts';
import { existingTape } from '../existing-file.ts';
import { printResult } from '../print-result.ts';
import { openRecording } from '../recording.ts';
import { utc } from '../usage.ts';

interface SurveyFlags {
  readonly config?: string;
  readonly json?: boolean;
}

interface ArchiveFlags extends SurveyFlags {
  readonly lake: string;
}

interface PruneFlags extends SurveyFlags {
  readonly before: number;
}

/** What the commands of `voltage tape` have in common. */
interface Common {
  readonly tapes: (path: string, before: readonly string[] | undefined) => readonly string[];
  readonly config: () => Option;
  readonly note: (sentence: string) => void;
}

/** Adds `archive`, `compact` and `prune`, which keep recordings in a lake. */
export function addTapeLake(tape: Command, common: Common): void {
  tape
    .command('archive')
    .description('keep tapes in a lake: Parquet by venue, asset and day, which replays as the tapes do')
    .argument('<tapes...>', 'tape files, or folders of them', common.tapes)
    .requiredOption('--lake <folder>', 'the lake; what is in it already is left out')
    .addOption(common.config())
    .option('--json', 'print the result as one line of JSON')
    .action(async (tapes: string[], flags: ArchiveFlags) => {
      const { settings } = await openRecording(tapes, flags.config);
      const result = await archiveTapes({ tapes, settings, lake: flags.lake, note: common.note });
      printResult(result, flags.json ?? false, [
        ...result.recordings.map(
          ({ recording, frames, files }) => `${recording}: ${frames} frames in ${files} files`,
        ),
        ...(result.already.length > 0 ? [`${result.already.length} tapes were in the lake already`] : []),
      ]);
    });
  tape
    .command('compact')
    .description('join the small files of a lake; it replays as before')
    .argument('<lake>', 'a lake that voltage tape archive made', existingTape)
    .option('--json', 'print the result as one line of JSON')
    .action(async (lake: string, { json = false }: SurveyFlags) => {
      const filesFewer = await compactLake(lake);
      printResult({ lake, filesFewer }, json, [`${lake}: ${filesFewer} files fewer`]);
    });
  tape
    .command('prune')
    .description('remove old days of a lake; what is left replays from the state of its first day')
    .argument('<lake>', 'a lake that voltage tape archive made', existingTape)
    .addOption(
      new Option('--before <time>', 'the UTC day that is the first to stay, such as 2026-06-01T00:00:00Z')
        .argParser(utc)
        .makeOptionMandatory(),
    )
    .option('--json', 'print the result as one line of JSON')
    .action((lake: string, { before, json = false }: PruneFlags) => {
      const day = new Date(before / MILLISECOND).toISOString().slice(0, 10);
      const filesRemoved = pruneLake(lake, day);
      printResult({ lake, before: day, filesRemoved }, json, [
        `${lake}: ${filesRemoved} files of days before ${day} removed`,
      ]);
    });
}
