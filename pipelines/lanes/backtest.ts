import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { setImmediate } from 'node:timers/promises';
import type { Settings } from '../../src/config/settings.ts';
import { seriesTickers } from '../../src/domain/asset.ts';
import type { Audited } from '../../src/domain/events/audit.ts';
import type { Frame, OutcomeFrame, SessionFrame } from '../../src/domain/frame.ts';
import { DAY, type Micros } from '../../src/domain/time.ts';
import type { Forecaster } from '../../src/forecast/serve/forecaster.ts';
import { readHistory } from '../../src/tape/history.ts';
import type { TapeProblem } from '../../src/tape/problem.ts';
import { type TapeFile, tapeFiles } from '../../src/tape/sessions.ts';
import { readSettled } from '../../src/tape/settled.ts';
import type { Beside } from '../graph.ts';
import { closedBefore, continues, HISTORY_MICROS, historyCoverage } from '../load/history-coverage.ts';
import { historyWitness, type WarmingFile } from '../load/history-witness.ts';
import { mendingReader } from '../load/read-mended.ts';
import { tapeSentence } from '../load/tape-sentence.ts';
import type { ModelIdentity } from '../run/keep-models.ts';
import type { TapeIdentity } from '../run/provenance.ts';
import { replayNotes } from '../run/replay-notes.ts';
import { type LaneSummary, runLane } from '../run/run-lane.ts';

/** How much of a file's bars after a session's start is held against the tape, zones included. */
const COMPARED_MICROS = 2 * DAY;

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
  /** Which models those are; asked for after they were opened. */
  readonly models?: () => readonly ModelIdentity[];
  /** Where this run differs from what was recorded, one sentence each; asked for at the end. */
  readonly differences?: () => readonly string[];
  /** Further desks on the same market, in the same pass. */
  readonly besides?: readonly Beside[];
  /** Called with every event that the graph publishes, after the lane's own logs. */
  readonly tap?: (audited: Audited) => void;
  /** True once the replay is to end before its tapes do. */
  readonly stopped?: () => boolean;
  readonly progress?: (tapesDone: number, tapes: number, frames: number) => void;
}

/** The result of a back-test, as in `summary.json`. */
export interface BacktestSummary extends LaneSummary {
  readonly lane: 'backtest';
  readonly tapes: number;
  /** Lines of the tapes that are not frames. */
  readonly badLines: number;
  /** The first sentences about damaged tapes, and about tapes that the settings do not fit. */
  readonly warnings: readonly string[];
  /** True if the replay was ended before its tapes; else absent. */
  readonly interrupted?: true;
  /** Where the run differs from what was recorded; empty where it does not, or nothing is known. */
  readonly differences: readonly string[];
  /** What the replay lacked, and which option gives it. */
  readonly lacks: readonly string[];
}

const MOST_WARNINGS = 50;

/** A tape by its bytes, so that a run's folder says what it was made of. */
const identityOf = async ({ path, name }: TapeFile): Promise<TapeIdentity> => {
  const hash = createHash('sha256');
  for await (const chunk of createReadStream(path)) hash.update(chunk as Buffer);
  return { name, sha256: hash.digest('hex') };
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
    if (warnings.length < MOST_WARNINGS) warnings.push(tapeSentence(problem));
  };
  const files = await tapeFiles(options.tapes, note);
  const first = files[0];
  const last = files.at(-1);
  if (!first || !last) throw new Error(`backtest: there is no tape in ${options.tapes.join(', ')}`);
  const warn = (sentence: string): void => {
    if (warnings.length < MOST_WARNINGS) warnings.push(sentence);
  };
  const history: WarmingFile[] = [];
  const range = { from: first.firstAt - HISTORY_MICROS, before: last.firstAt + COMPARED_MICROS };
  for (const { asset, path } of options.history) {
    const bars = await readHistory(path, range);
    history.push({ asset: asset ?? settings.assets[0]?.name, path, bars });
    for (const sentence of historyCoverage(path, bars, files)) warn(sentence);
  }
  const witness = historyWitness();
  const { outcomes, otherSeries, otherResults } =
    options.settled === undefined
      ? { outcomes: [], otherSeries: new Map<string, number>(), otherResults: new Map<string, number>() }
      : await readSettled(options.settled, settings.assets);
  if (options.settled !== undefined && outcomes.length === 0)
    throw new Error(
      `settled: ${options.settled} has no settled market of ${settings.assets.flatMap(seriesTickers).join(', ')}; name another file, or leave it out`,
    );
  for (const [result, rows] of otherResults)
    warn(`${options.settled}: left out ${rows} rows of the result ${result}, which pays neither yes nor no`);
  for (const [series, rows] of otherSeries)
    warn(`${options.settled}: left out ${rows} rows of ${series}, which no asset lists`);

  const forecasterOf = await options.openForecasters(first.firstAt);
  const notes = replayNotes(settings.assets, first.firstAt, settings.kalshi.useYesPrice);
  const identified = options.out === undefined ? [] : await Promise.all(files.map(identityOf));
  let done = 0;
  return runLane(
    {
      batches: whileGoing(
        options.stopped,
        sessions(files, history, outcomes, {
          note,
          warmedBy: witness.warmedBy,
          partMissing: (path, part) =>
            warn(
              `${path}: is part ${part} of a recording and the part before it is not here; books begin empty until their snapshots`,
            ),
          batch: notes.batch,
          finished: () => done++,
        }),
      ),
      startAt: first.firstAt,
      settings,
      ...(options.besides && { besides: options.besides }),
      forecasterOf,
      // A live session's tape says what became of its orders, so nothing is sent.
      orders: settings.execution.orders === 'venue' ? { send: () => {} } : 'paper',
      out: options.out,
      models: options.models?.(),
      tapes: identified,
      tap: (audited) => {
        witness.add(audited.event);
        notes.event(audited.event);
        options.tap?.(audited);
      },
      sinceMs,
      afterBatch: (frames) => options.progress?.(done, files.length, frames),
    },
    ({ endedAt }) => {
      witness.end();
      return {
        lane: 'backtest' as const,
        ...(options.stopped?.() && { interrupted: true as const }),
        tapes: files.length,
        badLines,
        warnings: [...warnings, ...notes.doubts()],
        differences: options.differences?.() ?? [],
        lacks: notes.lacks(endedAt),
      };
    },
  );
}

/**
 * The batches up to the one before which the replay is stopped. Between two of them the event loop turns, so
 * that a signal arrives and telemetry leaves: the text of a whole tape may lie in memory.
 */
async function* whileGoing(
  stopped: () => boolean = () => false,
  batches: AsyncIterable<readonly Frame[]>,
): AsyncGenerator<readonly Frame[]> {
  for await (const batch of batches) {
    await setImmediate();
    if (stopped()) return;
    yield batch;
  }
}

interface Notes {
  readonly note: (problem: TapeProblem) => void;
  /** Called with each batch before it is driven. */
  readonly batch: (batch: readonly Frame[]) => void;
  readonly partMissing: (path: string, part: number) => void;
  readonly finished: () => void;
  /** Called before a session's frame, with the files that warm it. */
  readonly warmedBy: (files: readonly WarmingFile[]) => void;
}

/**
 * Where a session has no bars of an asset, they come from the files that the user names. Recorded bars
 * without an asset's name belong to the first asset.
 */
function warmed(
  session: SessionFrame,
  files: readonly WarmingFile[],
  warmedBy: Notes['warmedBy'],
): SessionFrame {
  const own = session.history.filter(({ bars }) => bars.length > 0);
  const lacking = files.filter(
    ({ asset }, i) => !own.some((of) => of.asset === asset || (i === 0 && of.asset === undefined)),
  );
  warmedBy(lacking);
  const ours = lacking.map(({ asset, bars }) => ({ asset, bars: closedBefore(bars, session.at) }));
  return { ...session, history: [...own, ...ours] };
}

/**
 * All frames of all tapes in order. A session frame goes before each tape that neither begins a session
 * itself nor continues the tape before it. Outcomes are inserted at their time.
 */
async function* sessions(
  files: readonly TapeFile[],
  history: readonly WarmingFile[],
  outcomes: readonly OutcomeFrame[],
  { note, batch: tell, partMissing, finished, warmedBy }: Notes,
): AsyncGenerator<readonly Frame[]> {
  let next = 0;
  let lastAt: Micros = 0;
  let before: TapeFile | undefined;
  const read = mendingReader(note);
  for (const file of files) {
    const { path, name, firstAt } = file;
    const goesOn = continues(before, file);
    if (!goesOn && !file.opensSession) {
      const opened: readonly Frame[] = [
        warmed({ kind: 'session', at: firstAt, name, history: [] }, history, warmedBy),
      ];
      tell(opened);
      yield opened;
      if (file.segment) partMissing(path, file.segment.part);
    }
    before = file;
    lastAt = firstAt;
    for await (const mended of read(file, goesOn)) {
      const batch =
        history.length > 0 && mended.some(({ kind }) => kind === 'session')
          ? mended.map((frame) => (frame.kind === 'session' ? warmed(frame, history, warmedBy) : frame))
          : mended;
      tell(batch);
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
