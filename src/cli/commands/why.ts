import { type Command, Option } from 'commander';
import { accountAt } from '../../../pipelines/run/account-at.ts';
import type { Decided } from '../../../pipelines/run/find-decision.ts';
import { ordersNear } from '../../../pipelines/run/orders-near.ts';
import { readSummary } from '../../../pipelines/run/read-summary.ts';
import type { RunFiles } from '../../../pipelines/run/run-files.ts';
import { MINUTE, type Micros } from '../../domain/time.ts';
import { sayWhy } from '../../risk/say-why.ts';
import { type ChosenAnswer, chooseAnswer } from '../choose-answer.ts';
import { runsToAsk } from '../choose-run.ts';
import { closeOf, explainDecision, freeCash, spanText } from '../explain-decision.ts';
import { nearestTickers } from '../nearest-tickers.ts';
import { printResult } from '../print-result.ts';
import { dayTime, runTime } from '../run-time.ts';
import { UsageError } from '../usage.ts';

interface Flags {
  readonly at?: string;
  readonly run?: string;
  readonly json?: boolean;
}

/** Orders of this span before and after the time are told. */
const AROUND = 2 * MINUTE;

const ENDS: Readonly<Record<RunFiles['end'], string>> = {
  finished: 'finished',
  failed: 'it failed; what it had decided before is there',
  killed: 'it was killed; what it had decided before is there',
  open: 'it has no end: it is running, or it was killed',
};

const aboutRun = (run: RunFiles, { first, last, newer }: ChosenAnswer): string =>
  `The run in ${run.folder} (${run.mark === '' ? 'a replay' : run.mark}, ${ENDS[run.end]}) decided from ${dayTime(first)} to ${dayTime(last)} UTC.${newer > 0 ? ` Of ${newer === 1 ? 'one newer run' : `${newer} newer runs`} none answers better.` : ''}`;

/** Why there is no decision in force: the contract had none yet. Throws UsageError for one that never had any. */
function tooEarly(
  ticker: string,
  at: Micros,
  run: Decided,
  found: { readonly nextAt: Micros | undefined; readonly seen: ReadonlyMap<string, Decided> },
): readonly string[] {
  const { nextAt } = found;
  if (nextAt === undefined)
    throw new UsageError(
      `the run never decided on ${ticker}; ${nearestTickers(ticker, found.seen, at).join(', ')} are the nearest that it decided on`,
    );
  return [
    at < run.first
      ? `${dayTime(at)} UTC is ${spanText(run.first - at)} before the run's first decision. There is no answer from before a run.`
      : `${ticker} was not decided on yet at ${dayTime(at)} UTC: it was not open, or its book and terms had not come.`,
    `The first decision on it came at ${dayTime(nextAt)} UTC, ${spanText(nextAt - at)} later; ask for that time with --at.`,
  ];
}

/** Adds `voltage why`. */
export function addWhy(program: Command): void {
  program
    .command('why <ticker>')
    .addOption(
      new Option(
        '--at <time>',
        'ISO 8601 with its zone, or a UTC time of day on the day of the run (default: the latest decision)',
      ),
    )
    .option(
      '--run <folder>',
      "the run's folder, even while it runs (default: of all under ./runs and the state folder the newest that knows)",
    )
    .option('--json', 'print the answer as one line of JSON')
    .action(async (asked: string, { at: time, run: folder, json = false }: Flags) => {
      const ticker = asked.trim();
      const runs = runsToAsk(folder, process.env);
      const chosen = await chooseAnswer(runs, ticker, (span) =>
        time === undefined ? undefined : runTime(time, span),
      );
      const { run, at: named, found } = chosen;
      const about = aboutRun(run, chosen);
      const decision = found.inForce;
      if (!decision) {
        const lines = tooEarly(ticker, named ?? chosen.last, chosen, found);
        printResult(
          { kind: 'none', run: run.folder, ticker, at: named, nextAt: found.nextAt, why: lines.join(' ') },
          json,
          [about, ...lines],
        );
        return;
      }
      const at = named ?? decision.at;
      const account = await accountAt(run.fills, ticker, decision.at);
      const steps = await ordersNear(run, ticker, {
        from: at - AROUND,
        until: at + AROUND,
        decisionId: decision.id,
      });
      const checks = readSummary(run)?.checks;
      const lines = [
        about,
        ...(at > chosen.last
          ? [
              `${dayTime(at)} UTC is ${spanText(at - chosen.last)} after the run's last decision; this is how it stood at its end.`,
            ]
          : []),
        ...explainDecision({
          decision,
          at,
          account,
          steps,
          around: spanText(AROUND),
          isLive: run.mark === 'LIVE',
          checks,
        }),
      ];
      printResult(
        {
          kind: 'decision',
          run: run.folder,
          mark: run.mark,
          end: run.end,
          ticker,
          at,
          ageMicros: at - decision.at,
          why: sayWhy(decision),
          decision,
          closesAt: closeOf(decision) ?? null,
          account: {
            position: account.positions.get(ticker) ?? 0,
            positions: Object.fromEntries(account.positions),
            freeCashDollars: freeCash(decision) ?? null,
            dayPnl: account.dayPnl,
            fees: account.fees,
          },
          steps,
          settlement: account.settlement ?? null,
          worth: checks?.find(({ check }) => check === decision.failing[0]) ?? null,
          text: lines.join('\n'),
        },
        json,
        lines,
      );
    });
}
