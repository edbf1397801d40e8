import type { Settings } from '../../src/config/settings.ts';
import type { MinuteBar } from '../../src/domain/bars.ts';
import type { Audited } from '../../src/domain/events/audit.ts';
import type { AssetBars, Frame, OutcomeFrame } from '../../src/domain/frame.ts';
import { DAY, MINUTE, type Micros } from '../../src/domain/time.ts';
import type { Forecaster } from '../../src/forecast/serve/forecaster.ts';
import { readHistory } from '../../src/tape/history.ts';
import type { TapeProblem } from '../../src/tape/problem.ts';
import { readTape } from '../../src/tape/read.ts';
import { type TapeFile, tapeFiles } from '../../src/tape/sessions.ts';
import { readSettled } from '../../src/tape/settled.ts';
import { type LaneSummary, runLane } from '../run/run-lane.ts';

/** What to replay, and with which inputs. Paths are as the user gave them. */
export interface BacktestOptions {
  readonly tapes: readonly string[];
  /** Files of one-minute bars, one an asset; an undefined asset means the first one. */
  readonly history: readonly { readonly asset: string | undefined; readonly path: string }[];
  readonly settled: string | undefined;
  readonly out: string | undefined;
  readonly settings: Settings;
  /** Opens the forecaster of each asset, given the time of the first frame. */
  readonly openForecasters: (at: Micros) => Promise<(asset: string) => Forecaster>;
  /** Called with every event that the graph publishes, after the lane's own logs. */
  readonly tap?: (audited: Audited) => void;
  readonly progress?: (tapesDone: number, tapes: number, frames: number) => void;
}

/** The result of a back-test, as in `summary.json`. */
export interface BacktestSummary extends LaneSummary {
  readonly lane: 'backtest';
  readonly tapes: number;
  /** Lines of the tapes that are not frames. */
  readonly badLines: number;
  /** The first sentences about damaged tapes. */
  readonly warnings: readonly string[];
}

const MOST_WARNINGS = 50;

/** How much history warms a session: the week of the longest feature, and a day for holes. */
const HISTORY_MICROS = 8 * DAY;

const closedBefore = (bars: readonly MinuteBar[], at: Micros): readonly MinuteBar[] => {
  let end = bars.length;
  while (end > 0 && (bars[end - 1]?.openAt ?? 0) + MINUTE > at) end--;
  let from = end;
  while (from > 0 && (bars[from - 1]?.openAt ?? 0) >= at - HISTORY_MICROS) from--;
  return bars.slice(from, end);
};

/**
 * Replays tapes through the graph with paper orders. Sessions run in the order of their first frame, each
 * warmed by bars closed before it. The same tapes, history, settings and model give the same decisions, byte
 * for byte. An outcome of a `settled` file arrives at its own time where a tape covers that time, else with
 * the next tape or after the last one. Throws one sentence for input that cannot be used.
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
  const history: AssetBars[] = [];
  const range = { from: first.firstAt - HISTORY_MICROS, before: last.firstAt };
  for (const { asset, path } of options.history)
    history.push({ asset: asset ?? settings.assets[0]?.name, bars: await readHistory(path, range) });
  const { outcomes, otherSeries } =
    options.settled === undefined
      ? { outcomes: [], otherSeries: new Map<string, number>() }
      : await readSettled(options.settled, settings.assets);
  for (const [series, rows] of otherSeries)
    warnings.push(`${options.settled}: left out ${rows} rows of ${series}, which no asset lists`);

  const forecasterOf = await options.openForecasters(first.firstAt);
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
      forecasterOf,
      orders: 'paper',
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

/** Where a session has no bars of an asset, they come from the files that the user names. */
const warmed = (batch: readonly Frame[], files: readonly AssetBars[]): readonly Frame[] =>
  files.length > 0 && batch.some(({ kind }) => kind === 'session')
    ? batch.map((frame) =>
        frame.kind === 'session' ? { ...frame, history: historyOf(frame.history, files, frame.at) } : frame,
      )
    : batch;

/**
 * The recorded bars, then the files' bars for the assets that have none. Recorded bars without an asset's
 * name belong to the first asset.
 */
function historyOf(
  recorded: readonly AssetBars[],
  files: readonly AssetBars[],
  at: Micros,
): readonly AssetBars[] {
  const own = recorded.filter(({ bars }) => bars.length > 0);
  const lacking = files.filter(
    ({ asset }, i) => !own.some((of) => of.asset === asset || (i === 0 && of.asset === undefined)),
  );
  return [...own, ...lacking.map(({ asset, bars }) => ({ asset, bars: closedBefore(bars, at) }))];
}

/** True if this tape is the next part of the recording that `before` belongs to. */
const continues = (before: TapeFile | undefined, { segment }: TapeFile): boolean =>
  segment !== undefined &&
  before?.segment?.session === segment.session &&
  before.segment.part + 1 === segment.part;

/**
 * All frames of all tapes in order. A session frame goes before each tape that neither begins a session
 * itself nor continues the tape before it. Outcomes are inserted at their time.
 */
async function* sessions(
  files: readonly TapeFile[],
  history: readonly AssetBars[],
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
      yield [{ kind: 'session', at: firstAt, name, history: historyOf([], history, firstAt) }];
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
