import { type Command, InvalidArgumentError, Option } from 'commander';
import { tapeSentence } from '../../../pipelines/load/tape-sentence.ts';
import { mergeTapes } from '../../../pipelines/tapes/merge.ts';
import { sliceTape } from '../../../pipelines/tapes/slice.ts';
import { isSound, surveyTape } from '../../../pipelines/tapes/survey.ts';
import type { Frame } from '../../domain/frame.ts';
import { EXCHANGE, type Venue, venueNames } from '../../domain/venues.ts';
import { tapeLine } from '../../tape/line.ts';
import { readTape } from '../../tape/read.ts';
import { tapePaths } from '../../tape/sessions.ts';
import { existingFile, existingTape, outFile } from '../existing-file.ts';
import { printResult } from '../print-result.ts';
import { readSettings } from '../read-settings.ts';
import { openRecording } from '../recording.ts';
import { screenLine } from '../screen-line.ts';
import { tapeTable, verifyLines } from '../tape-lines.ts';
import { UsageError, utc } from '../usage.ts';
import { addTapeLake } from './tape-lake.ts';

interface SpanFlags {
  readonly from?: number;
  readonly to?: number;
}

interface CatFlags extends SpanFlags {
  readonly venue?: Venue | 'voltage';
  readonly ticker?: string;
}

interface SliceFlags extends SpanFlags {
  readonly out: string;
  readonly config?: string;
  readonly json?: boolean;
}

interface SurveyFlags {
  readonly config?: string;
  readonly json?: boolean;
}

const USUAL_WIDTH = 140;

const print = async (text: string): Promise<void> => {
  if (!process.stdout.write(text)) await new Promise((resolve) => process.stdout.once('drain', resolve));
};
const note = (sentence: string): void => {
  process.stderr.write(`note: ${screenLine(sentence)}\n`);
};

const tapesArgument = (path: string, before: readonly string[] | undefined): readonly string[] => [
  ...(before ?? []),
  existingTape(path),
];
const venueOrOwn = (text: string): string => {
  if (text === 'voltage' || venueNames.some((venue) => venue === text)) return text;
  throw new InvalidArgumentError(
    `one of ${venueNames.join(', ')} is needed, or voltage for lines of our own.`,
  );
};
const fromOption = (): Option =>
  new Option('--from <time>', 'first time, such as 2026-06-01T14:25:00Z').argParser(utc);
const toOption = (): Option => new Option('--to <time>', 'the time before which it ends').argParser(utc);
const configOption = (): Option =>
  new Option(
    '--config <file>',
    'settings, YAML or JSON, on top of those that a recording kept beside its tapes',
  ).argParser(existingFile);

function spanOf({ from = Number.NEGATIVE_INFINITY, to = Number.POSITIVE_INFINITY }: SpanFlags): {
  readonly from: number;
  readonly to: number;
} {
  if (!(from < to)) throw new UsageError('--to must be later than --from');
  return { from, to };
}

/** True if a frame is of the venue and speaks of the ticker, where these are asked for. */
function passes(frame: Frame, { venue, ticker }: CatFlags): boolean {
  const of = 'venue' in frame ? frame.venue : undefined;
  const own = frame.kind !== 'wire';
  if (venue === 'voltage' ? !own : venue !== undefined && of !== venue) return false;
  if (ticker === undefined) return true;
  if ('ticker' in frame) return frame.ticker === ticker;
  if (frame.kind === 'request') return frame.request.ticker === ticker;
  return (
    (frame.kind === 'wire' || frame.kind === 'rest') &&
    (frame.text.includes(`"${ticker}"`) || (frame.kind === 'rest' && frame.resource.includes(ticker)))
  );
}

async function survey(tapes: readonly string[], flags: SurveyFlags) {
  const surveys = [];
  for (const path of await tapePaths(tapes)) {
    // Each by the settings beside it. A tape without a frame has none, and its survey says so.
    const recording = await openRecording([path], flags.config).catch((cause: unknown) => {
      if (cause instanceof UsageError) throw cause;
      return undefined;
    });
    surveys.push(await surveyTape(path, recording?.settings ?? readSettings(flags.config)));
  }
  return surveys;
}

/** Adds `voltage tape` with `ls`, `cat`, `slice`, `merge`, `archive`, `compact`, `prune` and `verify`. */
export function addTape(program: Command): void {
  const tape = program.command('tape');
  tape
    .command('ls')
    .description('say what tapes hold: span, frames of each venue, holes, losses, whole or cut')
    .argument('<tapes...>', 'tape files, or folders of them', tapesArgument)
    .addOption(configOption())
    .option('--json', 'print the tapes as one line of JSON')
    .action(async (tapes: string[], flags: SurveyFlags) => {
      const surveys = await survey(tapes, flags);
      printResult(
        { tapes: surveys },
        flags.json ?? false,
        tapeTable(surveys, process.stdout.columns ?? USUAL_WIDTH),
      );
    });
  tape
    .command('cat')
    .description('print frames as the lines of a tape')
    .argument('<tapes...>', 'tape files, or folders of them', tapesArgument)
    .addOption(
      new Option('--venue <name>', `${venueNames.join(', ')}, or voltage for our own lines`).argParser(
        venueOrOwn,
      ),
    )
    .option('--ticker <ticker>', `what speaks of one market of ${EXCHANGE}, or of one pair`)
    .addOption(fromOption())
    .addOption(toOption())
    .action(async (tapes: string[], flags: CatFlags) => {
      const { from, to } = spanOf(flags);
      for (const path of await tapePaths(tapes))
        for await (const batch of readTape(path, (problem) => note(tapeSentence(problem)))) {
          if ((batch[0]?.at ?? 0) >= to) break;
          const lines = batch
            .filter((frame) => frame.at >= from && frame.at < to && passes(frame, flags))
            .map(tapeLine);
          if (lines.length > 0) await print(lines.join(''));
        }
    });
  tape
    .command('slice')
    .description('cut a span to a new tape which replays, books and markets included')
    .argument('<tapes...>', 'tape files, or folders of them', tapesArgument)
    .addOption(fromOption())
    .addOption(toOption())
    .addOption(
      new Option('--out <file>', 'the new tape, such as cut.tape.gz; nothing is overwritten')
        .argParser(outFile)
        .makeOptionMandatory(),
    )
    .addOption(configOption())
    .option('--json', 'print the result as one line of JSON')
    .action(async (tapes: string[], flags: SliceFlags) => {
      const recording = await openRecording(tapes, flags.config);
      const result = await sliceTape({ tapes, ...spanOf(flags), ...recording, out: flags.out, note });
      printResult(result, flags.json ?? false, [
        `wrote ${result.frames} frames to ${flags.out}, after ${result.opening} that give the state at its beginning`,
      ]);
    });
  tape
    .command('merge')
    .description('make one recording of several of the same feeds: what one lost, another may have')
    .argument('<recordings...>', 'each a tape, or a folder with the parts of one recording', tapesArgument)
    .addOption(
      new Option('--out <file>', 'the new tape, such as merged.tape.gz; nothing is overwritten')
        .argParser(outFile)
        .makeOptionMandatory(),
    )
    .addOption(configOption())
    .option('--json', 'print the result as one line of JSON')
    .action(async (recordings: string[], flags: SliceFlags) => {
      // Recordings of one time overlap, so each is asked by itself.
      const { keptIn } = await openRecording(recordings.slice(0, 1), flags.config);
      const result = await mergeTapes({ recordings, keptIn, out: flags.out, note });
      const { frames, copies, both, onlyFirst, onlySecond, leftOut, holes } = result;
      printResult(result, flags.json ?? false, [
        `wrote ${frames} frames to ${flags.out}; the recordings are ${copies ? 'copies of one' : 'of connections of their own'}`,
        `${both} frames in both, ${onlyFirst} in the first only, ${onlySecond} in the last only, ${leftOut} left out, ${holes} holes that both have`,
      ]);
    });
  addTapeLake(tape, { tapes: tapesArgument, config: configOption, note });
  tape
    .command('verify')
    .description(
      'check that every line decodes, and all sequences, trade ids and checksums; exit code 1 if not',
    )
    .argument('<tapes...>', 'tape files, or folders of them', tapesArgument)
    .addOption(configOption())
    .option('--json', 'print the tapes as one line of JSON')
    .action(async (tapes: string[], flags: SurveyFlags) => {
      const surveys = await survey(tapes, flags);
      const sound = surveys.every(isSound);
      printResult(
        { sound, tapes: surveys },
        flags.json ?? false,
        surveys.flatMap((each) => verifyLines(each, isSound(each))),
      );
      if (!sound) process.exitCode = 1;
    });
}
