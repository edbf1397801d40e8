import { Observable, type OperatorFunction } from 'rxjs';
import type { Asset } from '../../domain/asset.ts';
import type { MinuteBar } from '../../domain/bars.ts';
import type { Stamped } from '../../domain/time.ts';
import { follow } from '../../operators/follow.ts';
import { minuteFeatures } from './minute-features.ts';
import type { MinuteRow } from './minute-row.ts';

/** The input of feature rows: a session's history, finished bars, and any other events of the stream. */
export type FeatureInput =
  | (Stamped & { readonly kind: 'warm'; readonly history: readonly MinuteBar[] })
  | (Stamped & { readonly kind: 'minute'; readonly bar: MinuteBar })
  | (Stamped & { readonly kind: 'hole' | 'gap' | 'late' });

/**
 * Emits a row for each finished minute. A session clears all state; its history, if there is one, then gives
 * one row. Holes need no event, because a bar's time shows which minutes before it are missing.
 */
export function featureRows(
  asset: Pick<Asset, 'name' | 'floors'>,
): OperatorFunction<FeatureInput, MinuteRow> {
  return (source) =>
    new Observable((subscriber) => {
      const features = minuteFeatures(asset);
      return follow(source, subscriber, {
        next: (input) => {
          let row: MinuteRow | undefined;
          if (input.kind === 'warm') {
            features.reset();
            for (const bar of input.history) features.digest(bar);
            row = features.row(input.receivedAt);
          } else if (input.kind === 'minute') row = features.push(input.bar, input.receivedAt);
          if (row) subscriber.next(row);
        },
        error: (cause: unknown) => subscriber.error(cause),
        complete: () => subscriber.complete(),
      });
    });
}
