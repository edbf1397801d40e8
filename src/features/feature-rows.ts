import { Observable, type OperatorFunction } from 'rxjs';
import type { MinuteBar } from '../domain/bars.ts';
import type { Stamped } from '../domain/time.ts';
import type { FeatureRow } from './feature-row.ts';
import { minuteFeatures } from './minute-features.ts';

/** Minutes as features need them: a session's history, each finished bar, and whatever else the stream carries. */
export type FeatureInput =
  | (Stamped & { readonly kind: 'warm'; readonly history: readonly MinuteBar[] })
  | (Stamped & { readonly kind: 'minute'; readonly bar: MinuteBar })
  | (Stamped & { readonly kind: 'hole' | 'gap' | 'late' });

/**
 * Emits a row for each finished minute, and one for a session's history (none when it is empty), which first forgets all before it.
 * Holes need no event: a bar tells by its time which minutes before it are missing.
 */
export function featureRows(): OperatorFunction<FeatureInput, FeatureRow> {
  return (source) =>
    new Observable((subscriber) => {
      const features = minuteFeatures();
      return source.subscribe({
        next: (input) => {
          let row: FeatureRow | undefined;
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
