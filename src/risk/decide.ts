import type { Decision, Finding } from '../domain/events/decision.ts';
import type { Check, CheckContext } from './context.ts';

/** What the checks say together. */
export type Judgement = Pick<Decision, 'verdict' | 'findings' | 'failing'>;

/** Runs every check, even after one refuses, so that a decision tells the whole story. Without checks nothing is approved. */
export function decide(checks: readonly Check[], context: CheckContext): Judgement {
  const findings: Finding[] = [];
  const failing: string[] = [];
  for (const check of checks) {
    const finding = check(context);
    findings.push(finding);
    // Written so that NaN refuses.
    if (!(finding.headroom >= 0)) failing.push(finding.check);
  }
  return { verdict: checks.length > 0 && failing.length === 0 ? 'approved' : 'abstained', findings, failing };
}
