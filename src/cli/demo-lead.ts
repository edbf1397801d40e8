import type { LaneSummary } from '../../pipelines/run/run-lane.ts';
import { DEMO_PROFITS } from './demo-seeds.ts';

const FIRST = 3;
const dollars = (value: number): string => `${value < 0 ? '−' : ''}$${Math.abs(value).toFixed(2)}`;
const percent = (share: number): string => `${(100 * share).toFixed(0)} %`;

/** How many outcomes lay inside the band of the forecast; in words where there is none yet. */
const coverage = ({ forecastQuality }: Pick<LaneSummary, 'forecastQuality'>): string => {
  const banded = forecastQuality.flatMap(({ coverage: inside, count }) =>
    inside === null ? [] : [{ inside, count }],
  );
  const count = banded.reduce((sum, row) => sum + row.count, 0);
  return count === 0
    ? 'no forecast has come true yet; the first is judged after a quarter of an hour'
    : `${percent(banded.reduce((sum, row) => sum + row.inside * row.count, 0) / count)} of ${count} outcomes lay inside the band that was meant to hold 80 %`;
};

const calibration = ({ score }: Pick<LaneSummary, 'score'>): string =>
  score === null ? 'no contract has settled yet' : score.sentence;

const reasons = ({ decisions }: Pick<LaneSummary, 'decisions'>): string => {
  const most = Object.entries(decisions.byCheck)
    .sort(([, a], [, b]) => b - a)
    .slice(0, FIRST)
    .map(([check, count]) => `${check} ${count.toLocaleString('en-GB')}`);
  return most.length === 0 ? 'nothing' : most.join(', ');
};

/**
 * What a demo says first: how right the forecast and the probabilities were, why it stayed out, and how its profit
 * spreads over seeds, since that of one seed says nothing.
 */
export function demoLead(
  run: Pick<LaneSummary, 'forecastQuality' | 'score' | 'decisions' | 'pnlDollars'>,
): readonly string[] {
  const sorted = [...DEMO_PROFITS].sort((a, b) => a - b);
  const at = (share: number): string => dollars(sorted[Math.round(share * (sorted.length - 1))] as number);
  const losing = sorted.filter((value) => value < 0).length;
  return [
    `coverage    ${coverage(run)}`,
    `calibration ${calibration(run)}`,
    `stayed out  most often for: ${reasons(run)}`,
    `P&L         ${dollars(run.pnlDollars)} here. Over ${sorted.length} seeds of the usual hour it was ${at(0)} to ${at(1)}, half of them ${at(0.25)} to ${at(0.75)}, ${losing} lost`,
    '            We chose how wrong the emulated makers are (emulator.impliedNoise), so this says nothing of a real market.',
  ];
}
