import type { Settings } from '../../src/config/settings.ts';
import type { MinuteBar } from '../../src/domain/bars.ts';
import type { Frame, OutcomeFrame } from '../../src/domain/frame.ts';
import { DAY, MINUTE, type Micros } from '../../src/domain/time.ts';
import { paperGateway } from '../../src/execution/paper.ts';
import type { Forecaster } from '../../src/forecast/forecaster.ts';
import { readHistory } from '../../src/tape/history.ts';
import type { TapeProblem } from '../../src/tape/problem.ts';
import { readTape } from '../../src/tape/read.ts';
import { type TapeFile, tapeFiles } from '../../src/tape/sessions.ts';
import { readSettled } from '../../src/tape/settled.ts';
import type { Audit } from '../graph.ts';
import { type LaneSummary, runLane } from '../run/run-lane.ts';

/** What to replay and with what. Paths as the user gave them. */
export interface BacktestOptions {
  readonly tapes: readonly string[];
  readonly history: string | undefined;
  readonly settled: string | undefined;
  readonly out: string | undefined;
  readonly settings: Settings;
  /** Opens what to forecast with, given the time of the first frame. */
  readonly openForecaster: (at: Micros) => Promise<Forecaster>;
  /** Called with everything the graph says, after the lane's own books. */
  readonly tap?: (event: Audit) => void;
  readonly progress?: (tapesDone: number, tapes: number, frames: number) => void;
}

/** What a back-test came to: the `summary.json`. */
export interface BacktestSummary extends LaneSummary {
  readonly lane: 'backtest';
  readonly tapes: number;
  /** Lines of the tapes that are no frames. */
  readonly badLines: number;
  /** Sentences about damaged tapes, the first of them. */
  readonly warnings: readonly string[];
}

const MOST_WARNINGS = 50;

/** History that a session is warmed by: the week of the longest feature, a day for holes. */
const HISTORY_MICROS = 8 * DAY;

const closedBefore = (bars: readonly MinuteBar[], at: Micros): readonly MinuteBar[] => {
  let end = bars.length;
  while (end > 0 && (bars[end - 1]?.openAt ?? 0) + MINUTE > at) end--;
  let from = end;
  while (from > 0 && (bars[from - 1]?.openAt ?? 0) >= at - HISTORY_MICROS) from--;
  return bars.slice(from, end);
};

/**
 * Replays tapes through the graph with the paper gateway: sessions in order of their first frame, each warmed by bars closed before it.
 * The same tapes, history, settings and model give the same decisions, byte for byte. Outcomes of a `settled` file arrive at their own time
 * where a tape covers it, else with the next tape or after the last. Throws one sentence for input that cannot be used.
 */
export async function backtest(options: BacktestOptions): Promise<BacktestSummary> {
  const sinceMs = performance.now();
  const { settings } = options;
  let badLines = 0;
  const warnings: string[] = [];
  const note = (problem: TapeProblem): void => {
    if (problem.kind === 'badLine') badLines++;
    if (warnings.length < MOST_WARNINGS) warnings.push(sentenceOf(problem));
  };
  const files = await tapeFiles(options.tapes, note);
  const first = files[0];
  const last = files.at(-1);
  if (!first || !last) throw new Error(`backtest: there is no tape in ${options.tapes.join(', ')}`);
  const history =
    options.history === undefined
      ? []
      : await readHistory(options.history, { from: first.firstAt - HISTORY_MICROS, before: last.firstAt });
  const outcomes = options.settled === undefined ? [] : await readSettled(options.settled);

  const forecaster = await options.openForecaster(first.firstAt);
  let done = 0;
  return runLane(
    {
      batches: sessions(files, history, outcomes, {
        note,
        partMissing: (path, part) => {
          if (warnings.length < MOST_WARNINGS)
            warnings.push(
              `${path}: is part ${part} of a recording and the part before it is not here; books begin empty until their snapshots`,
            );
        },
        finished: () => done++,
      }),
      startAt: first.firstAt,
      settings,
      forecaster,
      openGateway: paperGateway(settings.execution),
      out: options.out,
      tap: options.tap,
      sinceMs,
      afterBatch: (frames) => options.progress?.(done, files.length, frames),
    },
    () => ({ lane: 'backtest' as const, tapes: files.length, badLines, warnings }),
  );
}

const sentenceOf = (problem: TapeProblem): string => {
  switch (problem.kind) {
    case 'badLine':
      return `${problem.path}:${problem.line}: ${problem.why}, was ${problem.excerpt}`;
    case 'empty':
      return `${problem.path}: holds no whole frame; left out`;
    case 'damaged':
      return `${problem.path}: damaged after line ${problem.afterLine} (${problem.why}); replayed up to there`;
    case 'backwards':
      return `${problem.path}: ${problem.lines} lines were stamped before the line above them, by up to ${problem.largestMicros} µs`;
  }
};

interface Notes {
  readonly note: (problem: TapeProblem) => void;
  readonly partMissing: (path: string, part: number) => void;
  readonly finished: () => void;
}

/** Sessions that were recorded without a history take it from the file that the user names. */
const warmed = (batch: readonly Frame[], history: readonly MinuteBar[]): readonly Frame[] =>
  history.length > 0 && batch.some((frame) => frame.kind === 'session' && frame.history.length === 0)
    ? batch.map((frame) =>
        frame.kind === 'session' && frame.history.length === 0
          ? { ...frame, history: closedBefore(history, frame.at) }
          : frame,
      )
    : batch;

/** True for the next part of the recording that `before` is of. */
const continues = (before: TapeFile | undefined, { segment }: TapeFile): boolean =>
  segment !== undefined &&
  before?.segment?.session === segment.session &&
  before.segment.part + 1 === segment.part;

/**
 * All frames of all tapes in order: a session frame before each tape that neither begins one itself nor continues the one before it; outcomes
 * slipped in where their time comes.
 */
async function* sessions(
  files: readonly TapeFile[],
  history: readonly MinuteBar[],
  outcomes: readonly OutcomeFrame[],
  { note, partMissing, finished }: Notes,
): AsyncGenerator<readonly Frame[]> {
  let next = 0;
  let lastAt: Micros = 0;
  let before: TapeFile | undefined;
  for (const file of files) {
    const { path, name, firstAt } = file;
    const goesOn = continues(before, file);
    if (!goesOn && !file.opensSession) {
      yield [{ kind: 'session', at: firstAt, name, history: closedBefore(history, firstAt) }];
      if (file.segment) partMissing(path, file.segment.part);
    }
    before = file;
    lastAt = firstAt;
    for await (const read of readTape(path, note)) {
      const batch = warmed(read, history);
      lastAt = batch.at(-1)?.at ?? lastAt;
      const due = outcomes[next];
      if (!due || due.at > lastAt) {
        yield batch;
        continue;
      }
      const mixed: Frame[] = [];
      for (const frame of batch) {
        for (let outcome = outcomes[next]; outcome && outcome.at <= frame.at; outcome = outcomes[++next])
          mixed.push({ ...outcome, at: frame.at });
        mixed.push(frame);
      }
      yield mixed;
    }
    finished();
  }
  yield outcomes.slice(next).map((outcome) => ({ ...outcome, at: lastAt }));
}
