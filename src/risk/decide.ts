import type { Check, CheckContext } from './context.ts';
import type { CheckResult } from './finding.ts';

/** The findings of all checks. `failing` names those that refused. */
export interface Judgement {
  readonly verdict: 'approved' | 'abstained';
  readonly findings: readonly CheckResult[];
  readonly failing: readonly string[];
}

/**
 * Runs every check, even after one has refused, so that a decision holds all findings. Without checks nothing
 * is approved.
 */
export function decide(checks: readonly Check[], context: CheckContext): Judgement {
  const findings: CheckResult[] = [];
  const failing: string[] = [];
  for (const check of checks) {
    const finding = check(context);
    findings.push(finding);
    // Written so that NaN refuses.
    if (!(finding.headroom >= 0)) failing.push(finding.check);
  }
  return { verdict: checks.length > 0 && failing.length === 0 ? 'approved' : 'abstained', findings, failing };
}
