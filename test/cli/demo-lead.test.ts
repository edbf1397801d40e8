import { describe, expect, test } from '@jest/globals';
import { summariser } from '../../pipelines/run/summary.ts';
import { demoLead } from '../../src/cli/demo-lead.ts';
import { DEMO_PROFITS } from '../../src/cli/demo-seeds.ts';
import { BTC } from '../support/assets.ts';

const empty = summariser([BTC]).read();
const row = { asset: 'BTC', minutes: 15, month: '2026-06', regime: 'usual' as const, qlike: 0.2, ratio: 1 };

describe('demoLead', () => {
  test('begins with coverage, calibration and reasons, and only then has a profit, beside that of other seeds', () => {
    const lines = demoLead({
      ...empty,
      pnlDollars: -1.5,
      decisions: { approved: 1, abstained: 9, byCheck: { spread: 2, edge: 7_000, depth: 1, kelly: 3 } },
      forecastQuality: [
        { ...row, member: 'ensemble', count: 30, coverage: 0.9 },
        { ...row, member: 'ensemble', minutes: 60, count: 10, coverage: 0.5 },
        { ...row, member: 'harX', count: 40, coverage: null },
      ],
    });
    expect(lines[0]).toBe('coverage    80 % of 40 outcomes lay inside the band that was meant to hold 80 %');
    expect(lines[2]).toBe('stayed out  most often for: edge 7,000, kelly 3, spread 2');
    const [least, most] = [Math.min(...DEMO_PROFITS), Math.max(...DEMO_PROFITS)];
    expect(lines[3]).toContain(`−$1.50 here. Over ${DEMO_PROFITS.length} seeds`);
    expect(lines[3]).toContain(`−$${Math.abs(least).toFixed(2)} to $${most.toFixed(2)}`);
    expect(lines[3]).toContain(`${DEMO_PROFITS.filter((value) => value < 0).length} lost`);
    expect(lines[4]).toContain('We chose');
  });

  test('says where nothing is known yet', () => {
    const lines = demoLead(empty);
    expect(lines[0]).toContain('no forecast has come true yet');
    expect(lines[1]).toBe('calibration no contract has settled yet');
    expect(lines[2]).toContain('nothing');
  });
});
