import type { AssetView } from '../../src/console/state.ts';
import { percent, plain } from '../charts/figures.ts';

/** Why the forecasts of an asset may be believed, in a sentence; undefined where its model does not say. */
export function confidenceWords({ asset, model, drift }: AssetView): string | undefined {
  if (!drift) return undefined;
  const { value, disagreement, outside, drifted, qlikeRatio } = drift;
  return (
    `${asset}: confidence ${percent(value, 0)} in ${model ?? 'the forecast'}. Members disagree by ${plain(disagreement, 2)} of a` +
    ` logarithm; of the features ${percent(outside, 0)} lie outside the range of training and ${percent(drifted, 0)} have drifted` +
    ` from it in a week${qlikeRatio === null ? '' : `; QLIKE lately ${plain(qlikeRatio, 2)} of the backbone's`}.`
  );
}
