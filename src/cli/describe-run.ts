import type { LaneSummary } from '../../pipelines/run/run-lane.ts';
import type { OpenPosition, SpotTotals } from '../../pipelines/run/summary.ts';
import { spotVenueNames } from '../domain/venues.ts';

/** A summary of any lane. */
interface Run extends LaneSummary {
  readonly lane: string;
  readonly warnings?: readonly string[];
  /** Of a replay: where it differs from what was recorded, and what it lacked. */
  readonly differences?: readonly string[];
  readonly lacks?: readonly string[];
}

const thousands = (value: number): string => value.toLocaleString('en-GB');
const dollars = (value: number): string => `${value < 0 ? '−' : ''}$${Math.abs(value).toFixed(4)}`;

const shareOf = (part: number, whole: number): string =>
  whole === 0 ? 'none possible' : `${((100 * part) / whole).toFixed(1)} % of ${thousands(whole)}`;

const connectionLines = ({ connections, recovered }: Run): readonly string[] => {
  const lines = Object.entries(connections)
    .filter(([, { opened, refused }]) => opened > 0 || refused.length > 0)
    .map(([venue, { opened, closed, resyncs, shed, refused, clockOffsetMs }]) =>
      [
        `${venue} opened ${opened}, lost ${closed}, asked anew ${resyncs}, shed ${shed}`,
        ...(clockOffsetMs === undefined ? [] : [`clock ${clockOffsetMs.toFixed(1)} ms off ours`]),
        ...refused.map((detail) => `refused: ${detail}`),
      ].join('; '),
    );
  return lines.length === 0
    ? []
    : [...lines.map((line) => `connection  ${line}`), `            ${thousands(recovered)} holes filled`];
};

const titled = (name: string): string => `${name.charAt(0).toUpperCase()}${name.slice(1)}`;

const spotLine = (spot: SpotTotals): string =>
  [
    ...(spot.bookMessages > 0
      ? [
          `${thousands(spot.bookMessages)} book messages, checksums ${thousands(spot.checksumsPassed)} passed ${thousands(spot.checksumsFailed)} failed`,
        ]
      : []),
    `${thousands(spot.trades)} trades${spot.tradeGaps > 0 ? `, ${thousands(spot.tradeGaps)} gaps` : ''}`,
  ].join('; ');

const MOST_OPEN = 12;

/** What is still open, by whether its contract has closed; then what it would bring, and its worst. */
const openLines = ({ open, until, markedDollars, worstDollars }: Run): readonly string[] => {
  if (open.length === 0) return [];
  const line = ({ ticker, contracts, markedDollars: marked, closesAt }: OpenPosition): string =>
    `            ${ticker} ${Math.abs(contracts)} ${contracts > 0 ? 'YES' : 'NO'}, ${
      marked === undefined ? 'nobody bids' : `${dollars(marked)} if sold now`
    }${closesAt !== undefined && closesAt > until ? `, closes ${closesAt.slice(11, 16)}` : ', closed without a known result'}`;
  return [
    `open        ${open.length} positions: ${
      markedDollars === undefined ? 'not all can be marked' : `${dollars(markedDollars)} if sold now`
    }, ${dollars(worstDollars)} at their worst outcome`,
    ...open.slice(0, MOST_OPEN).map(line),
    ...(open.length > MOST_OPEN ? [`            … and ${open.length - MOST_OPEN} more`] : []),
  ];
};

const MOST_WORTH = 4;
const cents = (value: number): string => `${value < 0 ? '−' : ''}${Math.abs(100 * value).toFixed(1)} ¢`;

/** What the checks that refused most cost or saved; nothing while none of their contracts has settled. */
const worthLines = ({ checks }: Run): readonly string[] => {
  const told = checks.flatMap(({ check, wouldDollars, lowDollars, highDollars, hours = 0 }) =>
    wouldDollars === null
      ? []
      : [
          `${check} ${cents(wouldDollars)}${
            lowDollars === null || highDollars === null
              ? ` (${hours} h, too few for an interval)`
              : ` [${cents(lowDollars)}, ${cents(highDollars)}]`
          }`,
        ],
  );
  return told.length === 0
    ? []
    : [
        `refused     would have made, a contract: ${told.slice(0, MOST_WORTH).join(' · ')}${told.length > MOST_WORTH ? ` · and ${told.length - MOST_WORTH} more` : ''}`,
      ];
};

/** A run that ends with positions has made nothing certain yet: open comes first, not a zero. */
const profit = ({ open, pnlDollars, markedDollars, totalDollars }: Run): string => {
  if (open.length === 0) return `${dollars(pnlDollars)} realised`;
  return totalDollars === undefined || markedDollars === undefined
    ? `open, not all of it marked; ${dollars(pnlDollars)} realised`
    : `open: ${dollars(totalDollars)}, of it ${dollars(pnlDollars)} realised and ${dollars(markedDollars)} marked,`;
};

const MOST_DIFFERENCES = 3;

const differingFrom = ({ differences = [] }: Run): string => {
  if (differences.length === 0) return '';
  const more = differences.length - MOST_DIFFERENCES;
  return ` · NOT AS RECORDED: ${differences.slice(0, MOST_DIFFERENCES).join('; ')}${more > 0 ? `; and ${more} more` : ''}`;
};

/** A run's summary as lines for people. The reasons for not trading follow right after the counts. */
export function describeRun(run: Run): readonly string[] {
  const { kalshi, decisions } = run;
  const reasons = Object.entries(decisions.byCheck)
    .sort(([, a], [, b]) => b - a)
    .slice(0, 8)
    .map(([check, count]) => `${check} ${thousands(count)}`);
  return [
    `${run.lane} · ${run.label} · ${run.from} to ${run.until}${differingFrom(run)}`,
    `frames      ${thousands(run.frames)} in ${run.wallSeconds} s (${thousands(run.framesPerSecond)}/s), ${thousands(run.rejectedFrames)} rejected`,
    ...Object.entries(run.rejectedReasons).map(
      ([why, count]) => `              ${thousands(count)} × ${why}`,
    ),
    ...spotVenueNames.map((venue) => `${titled(venue).padEnd(11)} ${spotLine(run[venue])}`),
    `Kalshi      ${thousands(kalshi.deltas)} deltas, ${thousands(kalshi.sequenceGaps)} sequence gaps, ${thousands(kalshi.crossed)} crossed in passing, ${thousands(kalshi.negativeLevels)} negative levels`,
    `            rebuilt top within a cent of the ticker in ${shareOf(kalshi.tickerWithinCent, kalshi.tickerComparisons)}, exact in ${shareOf(kalshi.tickerExact, kalshi.tickerComparisons)}`,
    ...connectionLines(run),
    ...(run.feedsLacking.length > 0 ? [`lacking     ${run.feedsLacking.join(', ')} (not waited for)`] : []),
    `decisions   ${thousands(decisions.approved)} approved, ${thousands(decisions.abstained)} abstained; ${thousands(run.forecasts)} forecasts`,
    `stayed out  ${reasons.length > 0 ? reasons.join(' · ') : 'never'}`,
    ...worthLines(run),
    `orders      ${thousands(run.orders)}, fills ${thousands(run.fills)}, contracts settled with a position ${thousands(run.settled)}`,
    ...openLines(run),
    `P&L         ${profit(run)} after ${dollars(run.feesDollars)} fees; a record of this run, no claim about another`,
    ...(run.lacks ?? []).map((lack) => `lacks       ${lack}`),
    `hash        ${run.decisionSha256}`,
    ...[...run.historyDoubted, ...(run.warnings ?? [])].map((warning) => `warning     ${warning}`),
  ];
}
