import type { AssetView } from '../../src/console/state.ts';
import { age, dollars, percent } from '../words/format.ts';

/** Index, volatility and confidence of each asset, in one line. */
export function Assets({
  assets,
  at,
}: {
  readonly assets: Readonly<Record<string, AssetView>>;
  readonly at: number;
}) {
  return (
    <section class="assets panel" aria-label="Assets">
      {Object.values(assets).map(
        ({ asset, indexDollars, indexSource, indexAt, volatilities, confidence, model }) => (
          <dl class="asset" key={asset}>
            <div>
              <dt>{asset} index</dt>
              <dd class="strong">{dollars(indexDollars)}</dd>
              <dd class="soft">
                {indexSource ?? 'no source'}
                {indexAt === null ? '' : `, ${age(at - indexAt)} old`}
              </dd>
            </div>
            <div>
              <dt>volatility forecast</dt>
              <dd class="strong">{percent(volatilities.forecast, 0)}</dd>
              <dd class="soft">
                {volatilities.low === null || volatilities.high === null
                  ? 'no band'
                  : `${percent(volatilities.low, 0)} to ${percent(volatilities.high, 0)}`}
              </dd>
            </div>
            <div>
              <dt>implied</dt>
              <dd class="strong">{percent(volatilities.implied, 0)}</dd>
              <dd class="soft">by the book</dd>
            </div>
            <div>
              <dt>realised</dt>
              <dd class="strong">{percent(volatilities.realised, 0)}</dd>
              <dd class="soft">last hour</dd>
            </div>
            <div>
              <dt>confidence</dt>
              <dd class="strong">{percent(confidence, 0)}</dd>
              <dd class="soft">{model ?? 'no model'}</dd>
            </div>
          </dl>
        ),
      )}
    </section>
  );
}
