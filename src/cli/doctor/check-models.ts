import type { Forecaster } from '../../forecast/serve/forecaster.ts';
import { fail, ok, type Verdict } from './verdict.ts';

/**
 * Whether the trained models load and are those that the manifest names. `open` rejects with one sentence if
 * not.
 */
export const checkModels = (open: () => Promise<Forecaster>): Promise<Verdict> =>
  open().then(
    ({ describe }) => ok(describe),
    (cause: unknown) =>
      fail(
        cause instanceof Error ? cause.message : String(cause),
        'fetch the models again, train them (npm run train), or run lanes with --fallback',
      ),
  );
