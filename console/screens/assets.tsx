import type { AssetView } from '../../src/console/state.ts';
import { age, dollars, percent } from '../words/format.ts';

interface Props {
  readonly assets: Readonly<Record<string, AssetView>>;
  readonly at: number;
}

/** Index, volatility and confidence of each asset, a line each. */
export function Assets({ assets, at }: Props) {
  return (
    <section class="assets panel" aria-label="Assets">
      <table>
        <thead>
          <tr>
            <th scope="col">asset</th>
            <th scope="col">index</th>
            <th scope="col">volatility expected, and its band</th>
            <th scope="col">implied</th>
            <th scope="col">realised, last hour</th>
            <th scope="col">confidence</th>
          </tr>
        </thead>
        <tbody>
          {Object.values(assets).map(
            ({ asset, indexDollars, indexSource, indexAt, volatilities, confidence, model }) => (
              <tr key={asset}>
                <th scope="row">
                  <b>{asset}</b>
                </th>
                <td>
                  <b>{dollars(indexDollars)}</b>{' '}
                  <span class="soft">
                    {indexSource ?? 'no source'}
                    {indexAt === null ? '' : `, ${age(at - indexAt)} old`}
                  </span>
                </td>
                <td>
                  <b>{percent(volatilities.forecast, 0)}</b>{' '}
                  <span class="soft">
                    {volatilities.low === null || volatilities.high === null
                      ? 'no band'
                      : `${percent(volatilities.low, 0)} to ${percent(volatilities.high, 0)}`}
                  </span>
                </td>
                <td>
                  <b>{percent(volatilities.implied, 0)}</b>
                </td>
                <td>
                  <b>{percent(volatilities.realised, 0)}</b>
                </td>
                <td>
                  <b>{percent(confidence, 0)}</b> <span class="soft">{model ?? 'no model'}</span>
                </td>
              </tr>
            ),
          )}
        </tbody>
      </table>
    </section>
  );
}
