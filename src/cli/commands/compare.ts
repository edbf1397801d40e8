import type { Command } from 'commander';
import { type ComparedRuns, compareRuns } from '../../../pipelines/research/compare-runs.ts';
import type { Decision } from '../../domain/events/decision.ts';
import { findingNumbers } from '../../risk/finding-numbers.ts';
import { sayWhy } from '../../risk/say-why.ts';
import { runsNamed } from '../choose-run.ts';
import { printResult } from '../print-result.ts';
import { dollars, interval } from '../report/words.ts';
import { dayTime } from '../run-time.ts';

const MOST_TOLD = 12;

const decided = (decision: Decision | undefined): string =>
  decision === undefined
    ? 'has no decision there'
    : `number ${decision.id}, ${decision.ticker} at ${dayTime(decision.at)} UTC: ${decision.verdict}, ${sayWhy(decision)}`;

/** The comparison in sentences: where the runs part, what differs there, how they were made, and what it brought. */
export function comparisonLines(compared: ComparedRuns): readonly string[] {
  const { alike, parting, madeOf, firstDollars, secondDollars, difference } = compared;
  const more = (list: readonly string[]): readonly string[] => [
    ...list.slice(0, MOST_TOLD).map((line) => `  ${line}`),
    ...(list.length > MOST_TOLD ? [`  and ${list.length - MOST_TOLD} more`] : []),
  ];
  const covers =
    difference.low === null || difference.high === null
      ? 'too few hours to say whether that is more than chance'
      : difference.low > 0 || difference.high < 0
        ? 'which does not cover zero'
        : 'which covers zero: the two cannot be told apart by profit';
  return [
    parting === undefined
      ? `The runs decide alike: all ${alike} decisions are the same, byte for byte.`
      : `The runs part at decision line ${parting.line}, after ${alike} that are the same.`,
    ...(parting === undefined
      ? []
      : [
          `  first: ${decided(parting.first)}`,
          `  second: ${decided(parting.second)}`,
          parting.sameInputs
            ? 'Both had seen the same inputs until then, so what they were made of makes the difference.'
            : 'They had not seen the same inputs until then: the frames differ.',
          ...(parting.findings.length === 0
            ? []
            : ['Checks that found something else there (first; second):']),
          ...more(
            parting.findings.map(
              ({ check, first, second }) =>
                `${check}: ${first ? findingNumbers(first) : 'absent'}; ${second ? findingNumbers(second) : 'absent'}`,
            ),
          ),
        ]),
    madeOf.length === 0 ? 'They were made alike, as far as their folders say.' : 'They were made otherwise:',
    ...more(madeOf),
    `Profit of settled contracts after fees: ${dollars(firstDollars)} and ${dollars(secondDollars)}; the second made ${dollars(difference.total)} more over ${difference.blocks} hours, 95 % interval ${interval(difference.low, difference.high, dollars)}, ${covers}.`,
  ];
}

/** Adds `voltage compare`. */
export function addCompare(program: Command): void {
  program
    .command('compare <first> <second>')
    .option('--json', 'print the comparison as one line of JSON')
    .action(async (first: string, second: string, { json = false }: { readonly json?: boolean }) => {
      const [one, other] = [first, second].map((folder) => runsNamed(folder)[0]);
      if (!one || !other) return;
      const compared = await compareRuns(one, other);
      const lines = comparisonLines(compared);
      printResult(
        { first: one.folder, second: other.folder, ...compared, text: lines.join('\n') },
        json,
        lines,
      );
    });
}
