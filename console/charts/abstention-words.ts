import { checkTitle } from '../../src/risk/check-title.ts';
import { percent, plain, spanWords } from './figures.ts';
import type { StackedChecks } from './stacked-checks.ts';

/** What the chart of abstentions shows, in a sentence. */
export function abstentionWords({ layers, xs, width }: StackedChecks): string {
  const total = layers.reduce((sum, layer) => sum + layer.total, 0);
  const [first, second] = layers;
  if (total === 0 || first === undefined) return 'No decision was refused in this time.';
  const span = ((xs.at(-1) ?? 0) - (xs[0] ?? 0) + width) * 1e6;
  const told = [first, second].flatMap((layer) =>
    layer?.check === undefined
      ? []
      : [`${checkTitle(layer.check)} ${plain(layer.total)} (${percent(layer.total / total, 0)})`],
  );
  return `In ${spanWords(span)} ${plain(total)} decisions were refused, most of them first by ${told.join(' and ')}.`;
}
