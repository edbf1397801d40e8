import { Fragment } from 'preact';
import type { DecisionNumbers, FindingView } from '../../src/console/state.ts';
import { checkTitle } from '../../src/risk/check-title.ts';
import { HeadroomBar } from '../parts/headroom-bar.tsx';
import type { AskedDecision } from '../store/use-decision.ts';
import { checkNumber } from '../words/check-units.ts';
import { bought, cents, centsGain, clock, contracts, dollars, percent } from '../words/format.ts';
import { wouldWords } from '../words/would-words.ts';

function Findings({ findings }: { readonly findings: readonly FindingView[] }) {
  const refused = findings.filter(({ passed }) => !passed);
  const passed = findings.filter((finding) => finding.passed);
  return (
    <section aria-label="Findings">
      <h3>
        Findings: {refused.length === 0 ? 'none refuses' : `${refused.length} of ${findings.length} refuse`}
      </h3>
      <table class="findings">
        <colgroup>
          <col />
          <col class="col-number" />
          <col class="col-number" />
          <col class="col-headroom" />
        </colgroup>
        <thead>
          <tr>
            <th scope="col">check</th>
            <th scope="col" class="number">
              seen
            </th>
            <th scope="col" class="number">
              limit
            </th>
            <th scope="col">headroom</th>
          </tr>
        </thead>
        <tbody>
          {[...refused, ...passed].map((finding) => (
            <Fragment key={finding.check}>
              <tr class={finding.passed ? 'passed' : 'refused'}>
                <th scope="row">
                  <span class="sign" aria-hidden="true">
                    {finding.passed ? '✓' : '✗'}
                  </span>
                  <span class="unseen">{finding.passed ? 'passes: ' : 'refuses: '}</span>
                  {checkTitle(finding.check)}
                </th>
                <td class="number">{checkNumber(finding.check, finding.observed)}</td>
                <td class="number">{checkNumber(finding.check, finding.limit)}</td>
                <td>
                  <HeadroomBar
                    headroom={finding.headroom}
                    limit={finding.limit}
                    observed={finding.observed}
                    passed={finding.passed}
                  />
                </td>
              </tr>
              {finding.passed ? null : (
                <tr class="words">
                  <td colSpan={4}>{finding.words}</td>
                </tr>
              )}
            </Fragment>
          ))}
        </tbody>
      </table>
    </section>
  );
}

interface Props {
  readonly decision: DecisionNumbers;
  /** The same decision with its findings, or one of the same contract a moment before. */
  readonly asked: AskedDecision;
}

/** A decision with everything that led to it: why, what would turn it, its numbers, all its findings, its inputs. */
export function DecisionDetail({ decision, asked }: Props) {
  const { side } = decision;
  const would = wouldWords(decision);
  return (
    <>
      <section class="verdict" aria-label="Verdict">
        <p class={`chip ${decision.verdict === 'approved' ? 'good' : 'calm'}`}>
          {decision.verdict === 'approved' ? `BUY ${bought(side)}` : 'OUT'}
        </p>
        <p class="because">{decision.why}</p>
        {would.length > 0 ? (
          <div class="would">
            <h3>What would turn it</h3>
            <ul>
              {would.map((words) => (
                <li key={words}>{words}</li>
              ))}
            </ul>
          </div>
        ) : null}
      </section>
      <section aria-label="Numbers">
        <h3>Numbers</h3>
        <dl class="pairs wide">
          <dt>decided</dt>
          <dd>{clock(decision.at)} UTC</dd>
          <dt>would buy</dt>
          <dd>
            {contracts(decision.count)} {bought(side)}, YES price {cents(decision.limitTicks)} ¢
          </dd>
          <dt>book</dt>
          <dd>
            {cents(decision.bidTicks)} to {cents(decision.askTicks)} ¢
          </dd>
          <dt>chance of YES, model</dt>
          <dd>{percent(decision.modelProbability)}</dd>
          <dt>chance of YES, with the market</dt>
          <dd>
            {percent(decision.probability)} ± {percent(decision.probabilityError)}
          </dd>
          <dt>edge after fee</dt>
          <dd>{centsGain(decision.edgeDollars)} ¢</dd>
          <dt>fee</dt>
          <dd>{centsGain(decision.feeDollars).replace('+', '')} ¢</dd>
          <dt>index</dt>
          <dd>{dollars(decision.indexDollars)}</dd>
          <dt>volatility a year</dt>
          <dd>{percent(decision.volatilityPerYear)}</dd>
          <dt>decision</dt>
          <dd>number {decision.id}</dd>
        </dl>
      </section>
      {asked.kind === 'got' ? (
        <>
          <Findings findings={asked.decision.findings} />
          <section aria-label="Inputs">
            <h3>Inputs</h3>
            <p class="inputs">{asked.decision.inputs === '' ? 'not told' : asked.decision.inputs}</p>
          </section>
        </>
      ) : (
        <p class="empty">{asked.kind === 'none' ? asked.why : 'Asking the lane for its findings …'}</p>
      )}
    </>
  );
}
