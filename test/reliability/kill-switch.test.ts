import { describe, expect, test } from '@jest/globals';
import { loadedLane } from '../support/loaded-lane.ts';
import { random } from '../support/random.ts';
import { tally } from '../support/tally.ts';

const RUNS = 10 * Number(process.env['RELIABILITY_RUNS'] ?? 1);
const SEED = 20_261_129;
/** Nothing may rest this long after the switch was pulled. */
const AIM_MS = 2_000;
/** The longest that the switch may need to say that nothing rests. */
const VERDICT_MS = 20_000;

/** What stands against the kill switch. */
const TROUBLES = [
  'limiter',
  'silence',
  'refusals',
  'accepted and refused',
  'time-outs',
  'too many',
  'outage',
  'late reads',
  'contradicting reads',
] as const;

describe('the kill switch', () => {
  test(
    'pulled at any instant under load leaves nothing resting within 2 s of event time, and nothing comes after',
    () => {
      const costs: string[] = [];
      let lost = 0;
      let worked = 0;
      for (let run = 0; run < RUNS; run++) {
        const { uniform } = random(SEED + run);
        const pick = (least: number, most: number): number =>
          least + Math.floor(uniform() * (most - least + 1));
        const latencyMs = pick(2, 60);
        const lane = loadedLane(`kill ${run}`, latencyMs);
        // Each trouble is there in about a third of the runs, so that many come together.
        const troubles = TROUBLES.filter(() => uniform() < 0.35);
        const has = (trouble: (typeof TROUBLES)[number]): boolean => troubles.includes(trouble);
        lane.load(pick(5, 60));
        lane.run(1_500 + uniform() * 4_000);
        if (has('silence')) lane.inject({ kind: 'silence', spanMs: 60_000 });
        if (has('late reads')) lane.inject({ kind: 'readLag', spanMs: 60_000, value: pick(200, 1_500) });
        if (has('contradicting reads'))
          lane.inject({ kind: 'readContradict', spanMs: 60_000, value: pick(200, 1_500) });
        if (has('limiter')) {
          // Another program of the account takes every token of writes and of reads.
          for (let i = 0; i < 30; i++) lane.create(2);
          for (let i = 0; i < 80; i++) lane.call('GET', '/portfolio/orders?limit=1', 5_000).subscribe();
          lane.run(latencyMs + pick(0, 20));
        }
        if (has('refusals')) lane.inject({ kind: 'serverError', only: 'cancelAll', value: pick(1, 4) });
        if (has('accepted and refused'))
          lane.inject({ kind: 'serverErrorAfterAccept', only: 'cancelAll', value: pick(1, 4) });
        if (has('time-outs')) {
          lane.inject({ kind: 'timeoutAfterAccept', only: 'cancelAll', value: 1 });
          lane.inject({ kind: 'timeoutAfterAccept', only: 'create', value: 5 });
        }
        if (has('too many')) lane.inject({ kind: 'tooMany', spanMs: pick(50, 500) });
        if (has('outage')) lane.inject({ kind: 'serverError', spanMs: pick(50, 800) });
        const before = lane.truth.resting().length;
        const rested = lane.truth.rested();
        const told = lane.halt();
        lane.run(AIM_MS);
        const named = `run ${run} (${troubles.join(', ') || 'no trouble'}, ${latencyMs} ms)`;
        const found: string[] = [];
        if (lane.truth.resting().length > 0)
          found.push(`${named}: ${lane.truth.resting().length} rest after ${AIM_MS} ms`);
        lane.run(VERDICT_MS - AIM_MS);
        if (lane.truth.resting().length > 0)
          found.push(`${named}: ${lane.truth.resting().length} rest after ${VERDICT_MS} ms`);
        if (told()?.result.kind !== 'clear') found.push(`${named}: it was told ${JSON.stringify(told())}`);
        // What was under way when the gate shut may still arrive; nothing else may.
        if (before > 0 || lane.truth.rested() > rested) worked++;
        if (found.length > 0) lost++;
        costs.push(...found);
      }
      tally({ kind: 'kill switches pulled under load', tried: RUNS, survived: RUNS - lost, lost });
      expect(costs).toEqual([]);
      // A switch that had nothing to cancel proves nothing.
      expect(worked).toBe(RUNS);
    },
    20_000 * RUNS,
  );
});
