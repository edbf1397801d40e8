import type { ConsoleState } from '../../src/console/state.ts';
import { Figure } from '../parts/figure.tsx';
import type { Replica } from '../store/replica.ts';
import { age, clock, countdown, dollars, gain, held } from '../words/format.ts';
import type { CloseGroup } from '../words/group-contracts.ts';
import { unsoldWords } from '../words/unsold-words.ts';

interface Props {
  readonly state: ConsoleState;
  readonly link: Replica['link'];
  readonly next: CloseGroup | undefined;
}

const toneOf = (value: number | null | undefined): string => (!value ? '' : value > 0 ? 'good' : 'bad');

const many = (count: number, one: string): string => `${count} ${one}${count === 1 ? '' : 's'}`;

/** What an operator must know in five seconds: the state and why, in or out, won or lost, what comes next. */
export function Hero({ state, link, next }: Props) {
  const { word, money } = state.values;
  const lost = link === 'lost';
  const unsold =
    money !== null && money.markedDollars === null
      ? (unsoldWords(Object.values(state.maps.contracts), state.at) ?? 'not known yet')
      : undefined;
  const isIn = money !== null && (money.openPositions > 0 || money.openOrders > 0);
  const nextHeld = [...(next?.near ?? []), ...(next?.far ?? [])].filter(({ position }) => position !== 0);
  return (
    <section class="hero" aria-label="State of the lane">
      <div class={`tile word ${lost ? 'UNKNOWN' : word.word}`}>
        <h2>State</h2>
        <p class="big" role="status" aria-live="polite">
          {lost ? 'NOT CONNECTED' : word.word}
        </p>
        <p class="reason">{lost ? `last known: ${word.word}, ${word.reason}` : word.reason}</p>
        <p class="soft">
          since {clock(word.since)} UTC, {age(state.at - word.since)}
        </p>
      </div>
      <div class="tile">
        <h2>In or out</h2>
        <p class="big">{money === null ? '–' : isIn ? 'IN' : 'OUT'}</p>
        <p class="reason">
          {money === null
            ? 'the account is not known yet'
            : `${many(money.openPositions, 'position')}, ${many(money.openOrders, 'open order')}`}
        </p>
        <dl class="pairs">
          <dt>at worst</dt>
          <dd>
            <Figure tag="span" tone={toneOf(money?.worstDollars)} text={gain(money?.worstDollars)} />
          </dd>
          <dt>if sold now</dt>
          <dd>
            <Figure tag="span" text={unsold ?? gain(money?.markedDollars)} />
          </dd>
        </dl>
      </div>
      <div class="tile">
        <h2>Day, after fees</h2>
        <p class={`big ${toneOf(money?.dayDollars)}`}>{gain(money?.dayDollars)}</p>
        <p class="reason">fees paid {dollars(money?.feesDollars)}</p>
        <dl class="pairs">
          <dt>equity</dt>
          <dd>
            <Figure tag="span" text={dollars(money?.equityDollars)} />
          </dd>
          <dt>below peak</dt>
          <dd>
            <Figure
              tag="span"
              text={money === null ? '–' : dollars(Math.max(0, money.peakDollars - money.equityDollars))}
            />
          </dd>
          <dt>cash</dt>
          <dd>
            <Figure tag="span" text={dollars(money?.cashDollars)} />
          </dd>
        </dl>
      </div>
      <div class="tile">
        <h2>Next close</h2>
        <p class="big">{next ? countdown(next.closeAt - state.at) : '–'}</p>
        <p class="reason">{next ? `${next.series} at ${clock(next.closeAt)} UTC` : 'no contract is open'}</p>
        <dl class="pairs">
          <dt>contracts</dt>
          <dd>
            <Figure tag="span" text={next ? `${next.near.length + next.far.length + next.hidden}` : '–'} />
          </dd>
          <dt>held</dt>
          <dd>
            {nextHeld.length === 0
              ? 'nothing'
              : nextHeld.length === 1
                ? held(nextHeld[0]?.position ?? 0)
                : `${nextHeld.length} contracts`}
          </dd>
        </dl>
      </div>
    </section>
  );
}
