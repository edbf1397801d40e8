import type { Backbone } from '../../forecast/backbone/backbone.ts';
import { fail, ok, type Verdict } from './verdict.ts';

/** Whether the backbone loads. `load` throws one sentence if it does not. */
export function checkModel(load: () => Backbone): Verdict {
  try {
    const { fitted, features, horizons } = load();
    return ok(
      `backbone of ${features.length} features and ${horizons.length} horizons, fitted on ${fitted.from.slice(0, 10)} to ${fitted.until.slice(0, 10)}`,
    );
  } catch (cause) {
    return fail((cause as Error).message, 'fit it again: npx voltage fit-backbone --bars CSV');
  }
}
