import type { Decision, Finding } from '../../src/domain/events/decision.ts';
import { type BlockTotal, runningTotals } from '../../src/maths/block-bootstrap.ts';
import { profitByHour } from '../../src/research/score/profit-by-hour.ts';
import type { Provenance } from '../run/provenance.ts';
import { readDecision } from '../run/read-decision.ts';
import { readProvenance } from '../run/read-summary.ts';
import type { RunFiles } from '../run/run-files.ts';
import { runLines } from '../run/run-lines.ts';
import { judgedRuns } from './score-run.ts';

/** A check that found something else in the other run. */
export interface OtherFinding {
  readonly check: string;
  readonly first: Finding | undefined;
  readonly second: Finding | undefined;
}

/** Where two runs part. */
export interface Parting {
  /** Number of the line of decisions, from 1. */
  readonly line: number;
  /** The decisions there; undefined where a run has ended, or its line is damaged. */
  readonly first: Decision | undefined;
  readonly second: Decision | undefined;
  /** True if both had seen the same inputs until then, so that what they were made of makes the difference. */
  readonly sameInputs: boolean;
  readonly findings: readonly OtherFinding[];
}

/** What two runs of one time have in common and not. */
export interface ComparedRuns {
  /** Lines of decisions before the first that differs. */
  readonly alike: number;
  /** Undefined where every line is the same. */
  readonly parting: Parting | undefined;
  /** Where they were made otherwise, one sentence each. */
  readonly madeOf: readonly string[];
  /** Profit of settled contracts after fees, of each and of the second less the first, by hours of the close. */
  readonly firstDollars: number;
  readonly secondDollars: number;
  readonly difference: BlockTotal;
}

async function* linesOf(files: readonly string[]): AsyncGenerator<Buffer> {
  for (const file of files) yield* runLines(file);
}

/** The first line of decisions that two runs do not share. */
async function partingOf(first: RunFiles, second: RunFiles): Promise<Omit<Parting, 'findings'> | undefined> {
  const [one, other] = [linesOf(first.decisions), linesOf(second.decisions)];
  try {
    for (let line = 1; ; line++) {
      const [a, b] = await Promise.all([one.next(), other.next()]);
      if (a.done && b.done) return undefined;
      if (!a.done && !b.done && a.value.equals(b.value)) continue;
      const [made, made2] = [a, b].map(({ done, value }) => (done ? undefined : readDecision(value)));
      return {
        line,
        first: made,
        second: made2,
        sameInputs: made !== undefined && made.inputs === made2?.inputs,
      };
    }
  } finally {
    await one.return(undefined);
    await other.return(undefined);
  }
}

const otherFindings = (
  first: Decision | undefined,
  second: Decision | undefined,
): readonly OtherFinding[] => {
  if (!first || !second || first.ticker !== second.ticker || first.at !== second.at) return [];
  const checks = [...new Set([...first.findings, ...second.findings].map(({ check }) => check))];
  return checks.flatMap((check) => {
    const [a, b] = [first, second].map(({ findings }) => findings.find((each) => each.check === check));
    return JSON.stringify(a) === JSON.stringify(b) ? [] : [{ check, first: a, second: b }];
  });
};

const leaves = (value: unknown, path: string): readonly (readonly [string, string])[] =>
  typeof value === 'object' && value !== null
    ? Object.entries(value).flatMap(([key, each]) => leaves(each, path === '' ? key : `${path}.${key}`))
    : [[path, JSON.stringify(value) ?? 'absent']];

/** Where two runs were made otherwise, as `key was VALUE, now VALUE`; empty where they were made alike. */
export function provenanceDifferences(first: Provenance, second: Provenance): readonly string[] {
  const named = ({ tapes, models, ...rest }: Provenance) =>
    new Map(
      leaves(
        {
          ...rest,
          tapes: Object.fromEntries(tapes.map(({ name, sha256 }) => [name, sha256])),
          models: Object.fromEntries(models.map(({ asset, ...model }) => [asset, model])),
        },
        '',
      ),
    );
  const [was, is] = [named(first), named(second)];
  return [...new Set([...was.keys(), ...is.keys()])].flatMap((key) =>
    was.get(key) === is.get(key)
      ? []
      : [`${key} was ${was.get(key) ?? 'absent'}, now ${is.get(key) ?? 'absent'}`],
  );
}

const hoursOf = async (run: RunFiles): Promise<ReadonlyMap<number, number>> => {
  const { fills } = await judgedRuns([run]);
  const unasked = { edgeDollars: null, modelProbability: null, mid: null };
  return new Map(
    profitByHour(fills.map((fill) => ({ ...fill, ...unasked }))).map(({ block, sum }) => [block, sum]),
  );
};

/**
 * Compares two runs of one time by their files: the first decision that differs, with the checks that found
 * something else, how they were made otherwise, and how much the second made more, with its interval of 95 %. Hours in
 * which only one of them traded count. Throws one sentence for a damaged file.
 */
export async function compareRuns(first: RunFiles, second: RunFiles): Promise<ComparedRuns> {
  const parting = await partingOf(first, second);
  const [of, than] = [readProvenance(first), readProvenance(second)];
  const [ours, theirs] = [await hoursOf(first), await hoursOf(second)];
  const hours = [...new Set([...ours.keys(), ...theirs.keys()])].sort((one, other) => one - other);
  const blocks = hours.map((block) => ({ block, sum: (theirs.get(block) ?? 0) - (ours.get(block) ?? 0) }));
  const sum = (values: Iterable<number>): number => [...values].reduce((total, each) => total + each, 0);
  return {
    alike: parting === undefined ? await count(first) : parting.line - 1,
    parting: parting && { ...parting, findings: otherFindings(parting.first, parting.second) },
    madeOf: of && than ? provenanceDifferences(of, than) : [],
    firstDollars: sum(ours.values()),
    secondDollars: sum(theirs.values()),
    difference: runningTotals(blocks).at(-1) ?? { total: 0, low: null, high: null, blocks: 0 },
  };
}

async function count(run: RunFiles): Promise<number> {
  let lines = 0;
  for await (const _ of linesOf(run.decisions)) lines++;
  return lines;
}
