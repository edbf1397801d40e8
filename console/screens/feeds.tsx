import type { FeedView } from '../../src/console/state.ts';
import { Chip } from '../parts/chip.tsx';
import { Figure } from '../parts/figure.tsx';
import { Scroll } from '../parts/scroll.tsx';
import { age, decimal } from '../words/format.ts';
import type { ScreenProps } from './screen-of.tsx';

const TONES: Readonly<Record<FeedView['state'], string>> = {
  live: 'good',
  silent: 'warn',
  lacking: 'warn',
  down: 'bad',
};

/** Each feed with its age and what went wrong on it, and the process itself. */
export function Feeds({ state }: ScreenProps) {
  const feeds = Object.values(state.maps.feeds).sort((a, b) => (a.name < b.name ? -1 : 1));
  const { loopDelayMs, queued, sinkDropped } = state.values.health;
  return (
    <div class="stack">
      <section class="panel" aria-labelledby="feeds-title">
        <header class="head">
          <h1 id="feeds-title">Feeds</h1>
        </header>
        {feeds.length === 0 ? (
          <p class="empty">No feed has said anything yet.</p>
        ) : (
          <Scroll title="Feeds">
            <table class="lines fixed feeds">
              <thead>
                <tr>
                  <th scope="col">feed</th>
                  <th scope="col">venue</th>
                  <th scope="col">state</th>
                  <th scope="col" class="number">
                    last word
                  </th>
                  <th scope="col" class="number">
                    gaps
                  </th>
                  <th scope="col" class="number">
                    reconnects
                  </th>
                  <th scope="col" class="number">
                    shed
                  </th>
                  <th scope="col" class="number">
                    rejected
                  </th>
                  <th scope="col" class="number">
                    its clock
                  </th>
                </tr>
              </thead>
              <tbody>
                {feeds.map((feed) => (
                  <tr key={feed.name}>
                    <th scope="row">{feed.name}</th>
                    <td>{feed.venue}</td>
                    <td>
                      <Chip tone={TONES[feed.state]} words={feed.state} />
                    </td>
                    <td class="number">
                      <Figure
                        tag="span"
                        text={feed.heardAt === null ? 'never' : `${age(state.at - feed.heardAt)} ago`}
                      />
                    </td>
                    <td class="number">{decimal(feed.gaps, 0)}</td>
                    <td class="number">{decimal(feed.reconnects, 0)}</td>
                    <td class="number">{decimal(feed.shed, 0)}</td>
                    <td class="number">{decimal(feed.rejected, 0)}</td>
                    <td class="number">
                      {feed.clockOffsetMs === null ? '–' : `${decimal(feed.clockOffsetMs, 0, true)} ms`}
                    </td>
                  </tr>
                ))}
              </tbody>
            </table>
          </Scroll>
        )}
      </section>
      <section class="panel" aria-labelledby="process-title">
        <header class="head">
          <h2 id="process-title">Process</h2>
        </header>
        <dl class="facts">
          <div>
            <dt>event-loop delay</dt>
            <dd>{loopDelayMs === null ? '–' : `${decimal(loopDelayMs, 1)} ms`}</dd>
          </div>
          <div>
            <dt>frames queued</dt>
            <dd>{decimal(queued, 0)}</dd>
          </div>
          <div>
            <dt>points dropped by the sinks</dt>
            <dd class={sinkDropped ? 'bad' : ''}>{decimal(sinkDropped, 0)}</dd>
          </div>
          <div>
            <dt>events so far</dt>
            <dd>{decimal(state.seq, 0)}</dd>
          </div>
        </dl>
      </section>
    </div>
  );
}
