import { useState } from 'preact/hooks';
import type { DecisionLine } from '../../src/console/state.ts';
import { checkTitle } from '../../src/risk/check-title.ts';
import { AbstentionsChart } from '../charts/abstentions-chart.tsx';
import { Checks } from '../panels/checks.tsx';
import { Chip } from '../parts/chip.tsx';
import { Figure } from '../parts/figure.tsx';
import { Panel } from '../parts/panel.tsx';
import { SidePanel } from '../parts/side-panel.tsx';
import { useDecision } from '../store/use-decision.ts';
import { bought, centsGain, clock } from '../words/format.ts';
import {
  type DecisionFilter,
  EVERY_DECISION,
  filterChoices,
  pickDecisions,
} from '../words/pick-decisions.ts';
import { DecisionDetail } from './decision-detail.tsx';
import type { ScreenProps } from './screen-of.tsx';

const MOST = 100;

function DecisionPanel({ id, onClose }: { readonly id: string; readonly onClose: () => void }) {
  const asked = useDecision(id);
  return (
    <SidePanel title={`Decision ${id}`} onClose={onClose}>
      {asked.kind === 'got' ? (
        <>
          <p class="soft ticker">{asked.decision.ticker}</p>
          <DecisionDetail decision={asked.decision} asked={asked} />
        </>
      ) : (
        <p class="empty">{asked.kind === 'none' ? asked.why : 'Asking the lane …'}</p>
      )}
    </SidePanel>
  );
}

/** All decisions by time, filtered by contract, check and verdict; each opens to all its findings. */
export function Decisions({ state, route, onOpen }: ScreenProps) {
  const [filter, setFilter] = useState<DecisionFilter>(EVERY_DECISION);
  // What a reader looks at must not run away under the eyes.
  const [held, setHeld] = useState<readonly DecisionLine[]>();
  const decisions = held ?? state.rings.decisions;
  const { tickers, checks } = filterChoices(decisions);
  const { shown, matching } = pickDecisions(decisions, filter, MOST);
  const newer = held ? state.rings.decisions.filter(({ id }) => id > (held.at(-1)?.id ?? -1)).length : 0;
  const close = (): void => {
    onOpen();
    document.querySelector<HTMLElement>(`[data-decision="${Number(route.open)}"]`)?.focus();
  };
  const choice = (name: 'ticker' | 'check', title: string, choices: readonly string[]) => (
    <label>
      <span>{title}</span>
      <select
        value={filter[name]}
        onChange={(event) => setFilter({ ...filter, [name]: event.currentTarget.value })}
      >
        <option value="">all</option>
        {choices.map((each) => (
          <option key={each} value={each}>
            {name === 'check' ? checkTitle(each) : each}
          </option>
        ))}
      </select>
    </label>
  );
  return (
    <div class="stack">
      <h1 class="unseen">Decisions</h1>
      <div class="charts above">
        <Panel title="Abstentions" about="by the check that refused first, a minute">
          <AbstentionsChart abstentions={state.rings.abstentions} at={state.at} />
        </Panel>
        <Panel
          title="What the checks were worth"
          about="of one contract each, once settled, had it been bought"
        >
          <Checks checks={state.values.checks} onPick={(check) => setFilter({ ...EVERY_DECISION, check })} />
        </Panel>
      </div>
      <div class={`split ${route.open === undefined ? '' : 'opened'}`}>
        <section class="decisions panel" aria-labelledby="decisions-title">
          <header class="head filters">
            <h2 id="decisions-title">All of them</h2>
            {choice('ticker', 'contract', tickers)}
            {choice('check', 'refused by', checks)}
            <label>
              <span>verdict</span>
              <select
                value={filter.verdict}
                onChange={(event) =>
                  setFilter({ ...filter, verdict: event.currentTarget.value as DecisionFilter['verdict'] })
                }
              >
                <option value="">all</option>
                <option value="approved">approved</option>
                <option value="abstained">abstained</option>
              </select>
            </label>
            <button
              type="button"
              aria-pressed={held !== undefined}
              class="hold"
              onClick={() => setHeld(held ? undefined : state.rings.decisions)}
            >
              {held ? `Go on, ${newer} newer` : 'Hold still'}
            </button>
          </header>
          <table class="lines fixed">
            <colgroup>
              <col class="col-time" />
              <col class="col-ticker" />
              <col class="col-chip" />
              <col class="col-edge" />
              <col />
            </colgroup>
            <thead>
              <tr>
                <th scope="col">time UTC</th>
                <th scope="col">contract</th>
                <th scope="col">verdict</th>
                <th scope="col" class="number">
                  edge ¢
                </th>
                <th scope="col">why</th>
              </tr>
            </thead>
            <tbody>
              {/* By place, not by number: a new decision changes words, and moves nothing. */}
              {shown.map((each, place) => (
                // A new decision must move nothing.
                <tr key={place} aria-current={String(each.id) === route.open ? 'true' : undefined}>
                  <td>
                    <button
                      type="button"
                      class="link"
                      data-decision={each.id}
                      onClick={() => {
                        setHeld((before) => before ?? state.rings.decisions);
                        onOpen(String(each.id));
                      }}
                    >
                      {clock(each.at)}
                    </button>
                  </td>
                  <td class="cut">{each.ticker}</td>
                  <td>
                    <Chip
                      tone={each.verdict === 'approved' ? 'good' : 'calm'}
                      words={each.verdict === 'approved' ? `BUY ${bought(each.side)}` : 'OUT'}
                    />
                  </td>
                  <td class="number">
                    <Figure tag="span" text={centsGain(each.edgeDollars)} />
                  </td>
                  <td class="cut">{each.why}</td>
                </tr>
              ))}
            </tbody>
          </table>
          <p class="empty">
            {matching === 0
              ? 'No decision matches.'
              : `${Math.min(MOST, matching)} of ${matching} that match, of the last ${decisions.length}.`}
          </p>
        </section>
        {route.open === undefined ? null : <DecisionPanel key={route.open} id={route.open} onClose={close} />}
      </div>
    </div>
  );
}
