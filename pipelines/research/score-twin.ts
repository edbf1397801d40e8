import { merge, Subject, tap } from 'rxjs';
import type { Settings } from '../../src/config/settings.ts';
import type { Asset } from '../../src/domain/asset.ts';
import { dollarsOfUnits } from '../../src/domain/contracts.ts';
import type { IndexValue } from '../../src/domain/events/market.ts';
import type { Frame } from '../../src/domain/frame.ts';
import type { Micros } from '../../src/domain/time.ts';
import { venueNames } from '../../src/domain/venues.ts';
import { ofKind } from '../../src/operators/of-kind.ts';
import { route } from '../../src/operators/route.ts';
import { indexTwin } from '../../src/pricing/index-twin.ts';
import { minuteMean } from '../../src/pricing/minute-mean.ts';
import { QUARTER_HOUR } from '../../src/pricing/quarter-moments.ts';
import { settledValueOf } from '../../src/pricing/settled-value.ts';
import { clusteredMean } from '../../src/research/score/clustered.ts';
import {
  errorOf,
  type TwinClose,
  type TwinErrors,
  twinErrors,
} from '../../src/research/score/twin-errors.ts';
import type { TapeProblem } from '../../src/tape/problem.ts';
import { type TapeFile, tapeFiles } from '../../src/tape/sessions.ts';
import { readSettled } from '../../src/tape/settled.ts';
import { assetOf } from '../../src/venues/asset-of.ts';
import { assemble } from '../assemble.ts';
import { continues } from '../load/history-coverage.ts';
import { mendingReader } from '../load/read-mended.ts';
import { USE, type VenueState } from '../routes.ts';

/** The twin on recordings, with and without what settlements teach, over the same closes. */
export interface TwinScore {
  readonly from: string;
  readonly to: string;
  /** The closes after the first: what the first one teaches cannot help itself. */
  readonly learning: TwinErrors;
  readonly without: TwinErrors;
  /** Mean difference of the squared errors, in basis points squared: negative is better with learning. */
  readonly squaredDifference: { readonly mean: number; readonly standardError: number };
  readonly closes: readonly {
    readonly closeAt: string;
    readonly learningBasisPoints: number;
    readonly withoutBasisPoints: number;
  }[];
}

/** What to score. */
export interface TwinScoreOptions {
  readonly tapes: readonly string[];
  readonly settings: Settings;
  readonly asset: Asset;
  /** A file of settlements, for closes whose value no tape tells. The twin does not see it. */
  readonly settled?: string | undefined;
  readonly note: (problem: TapeProblem) => void;
}

type Said = Omit<TwinClose, 'settled'>;

/** Keeps what a twin said of the minutes before closes. */
function sayings(freshMicros: Micros) {
  const means = minuteMean(freshMicros);
  const said = new Map<Micros, Said>();
  let lastAt: Micros | undefined;
  let lastVariance = 0;
  const nextClose = (at: Micros): Micros => (Math.floor(at / QUARTER_HOUR) + 1) * QUARTER_HOUR;
  const closed = (closeAt: Micros): void => {
    const twin = means.read(closeAt);
    if (twin !== undefined)
      said.set(closeAt, { closeAt, twin, statedBasisPoints: 10_000 * Math.sqrt(lastVariance) });
  };
  return {
    add: ({ at, source, value, variance }: IndexValue): void => {
      if (source !== 'twin') {
        means.cut();
        return;
      }
      if (lastAt !== undefined && at < lastAt) return;
      if (lastAt !== undefined && nextClose(at) !== nextClose(lastAt)) closed(nextClose(lastAt));
      lastAt = at;
      lastVariance = variance;
      means.add(at, value);
    },
    /** What was said of each close; the last one may still be running. */
    end: (): ReadonlyMap<Micros, Said> => {
      if (lastAt !== undefined) closed(nextClose(lastAt));
      return said;
    },
  };
}

/** Between two recordings prices are void, as after a lost connection; what was learnt is not. */
const reconnected = (at: Micros): readonly Frame[] =>
  venueNames.map((venue) => ({
    kind: 'connection',
    at,
    venue,
    change: 'closed',
    detail: 'a recording begins',
  }));

/** All frames of all tapes as of one lane that runs on. */
async function* framesOf(
  files: readonly TapeFile[],
  note: (problem: TapeProblem) => void,
): AsyncGenerator<readonly Frame[]> {
  const read = mendingReader(note);
  let before: TapeFile | undefined;
  for (const file of files) {
    const goesOn = continues(before, file);
    if (!goesOn) yield reconnected(file.firstAt);
    for await (const batch of read(file, goesOn))
      yield batch.flatMap((frame) => (frame.kind === 'session' ? reconnected(frame.at) : [frame]));
    before = file;
  }
}

/** What the closes settled at by the quarter-hour markets of a file: the value of each, or the next one's floor. */
async function settledBy(path: string, asset: Asset): Promise<ReadonlyMap<Micros, number>> {
  const { outcomes, terms } = await readSettled(path, [asset]);
  const values = new Map<Micros, number>();
  const quarters = [...terms].filter(([, { series }]) => series === asset.series.quarterHour);
  for (const [, { closeAt, floorUnits }] of quarters)
    if (floorUnits !== undefined)
      values.set(closeAt - QUARTER_HOUR, dollarsOfUnits(floorUnits, asset.indexDecimals));
  const isQuarter = new Map(quarters);
  for (const { ticker, valueUnits } of outcomes) {
    const closeAt = isQuarter.get(ticker)?.closeAt;
    if (closeAt !== undefined && valueUnits !== undefined)
      values.set(closeAt, dollarsOfUnits(valueUnits, asset.indexDecimals));
  }
  return values;
}

/**
 * Replays tapes through the graph's first half and two twins, of which only one learns from settlements, and
 * holds both against every settlement. What a twin knows is kept from one tape to the next, as in a lane that
 * runs on; prices are not. Throws one sentence if fewer than three closes can be scored.
 */
export async function scoreTwin({
  tapes,
  settings,
  asset,
  settled,
  note,
}: TwinScoreOptions): Promise<TwinScore> {
  const { twin } = settings.pricing;
  const values = new Map(settled === undefined ? [] : await settledBy(settled, asset));
  const learning = sayings(twin.venueFreshMicros);
  const without = sayings(twin.venueFreshMicros);
  const frame$ = new Subject<Frame>();
  const running = frame$
    .pipe(
      assemble(settings),
      route<VenueState, typeof USE, unknown>(USE, assetOf(settings.assets).event, (at) => {
        const event$ = at('twin', asset.name);
        const said = (learnSettlements: boolean, by: ReturnType<typeof sayings>) =>
          event$.pipe(indexTwin({ ...twin, learnSettlements }, asset), ofKind('index'), tap(by.add));
        const told$ = event$.pipe(
          ofKind('contract', 'contractListed'),
          tap((event) => {
            const value = settledValueOf(event, asset);
            if (value && value.closeAt <= event.receivedAt) values.set(value.closeAt, value.dollars);
          }),
        );
        return merge(told$, said(true, learning), said(false, without));
      }),
    )
    .subscribe();
  try {
    for await (const batch of framesOf(await tapeFiles(tapes, note), note))
      for (const frame of batch) frame$.next(frame);
  } finally {
    running.unsubscribe();
  }
  const [learnt, unlearnt] = [learning.end(), without.end()];
  const pairs = [...values].flatMap(([closeAt, dollars]) => {
    const [one, other] = [learnt.get(closeAt), unlearnt.get(closeAt)];
    return one && other
      ? [{ closeAt, one: { ...one, settled: dollars }, other: { ...other, settled: dollars } }]
      : [];
  });
  pairs.sort((a, b) => a.closeAt - b.closeAt);
  const scored = pairs.slice(1);
  const [first, last] = [scored[0], scored.at(-1)];
  if (first === undefined || last === undefined || scored.length < 2)
    throw new Error(
      `score: the tapes hold ${pairs.length} minutes before a close with a spot price throughout and a settlement; three are the least`,
    );
  const iso = (at: Micros): string => new Date(at / 1_000).toISOString();
  const { mean, standardError } = clusteredMean(
    scored,
    ({ closeAt }) => String(closeAt),
    ({ one, other }) => errorOf(one) ** 2 - errorOf(other) ** 2,
  );
  return {
    from: iso(first.closeAt),
    to: iso(last.closeAt),
    learning: twinErrors(scored.map(({ one }) => one)),
    without: twinErrors(scored.map(({ other }) => other)),
    squaredDifference: { mean, standardError },
    closes: scored.map(({ closeAt, one, other }) => ({
      closeAt: iso(closeAt),
      learningBasisPoints: errorOf(one),
      withoutBasisPoints: errorOf(other),
    })),
  };
}
