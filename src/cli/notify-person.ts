import type { Settings } from '../config/settings.ts';
import { openLog } from '../telemetry/log.ts';
import { type Notify, openNotify } from '../telemetry/notify/open-notify.ts';
import { UsageError } from './usage.ts';

const NOBODY: Notify = {
  tap: () => {},
  close: async () => {},
  stats: () => ({ written: 0, dropped: 0, refused: 0, repeated: 0, queued: 0, retries: 0 }),
};

/**
 * Messages to a person about a lane, by the webhook of the environment's `NOTIFY_URL`, else of `notify.url`.
 * Without either nobody is told anything. `mark` says how real the lane is, such as LIVE. The day's loss is
 * measured on the live lane's own limit where it has one, else on that of the checks.
 */
export function notifyPerson(mark: string, settings: Settings): Notify {
  const { notify, telemetry, label, assets, execution, risk } = settings;
  const url = process.env['NOTIFY_URL'] || notify.url;
  if (!url || notify.on.length === 0) return NOBODY;
  const log = openLog(telemetry.logLevel);
  try {
    return openNotify({
      url,
      settings: notify,
      assets: assets.length,
      dayLossMaxDollars: (mark === 'LIVE' && execution.live?.dayLossMaxDollars) || risk.dayLossMaxDollars,
      lane: `${mark} ${label}`,
      onTrouble: (why) => log.warn(why),
    });
  } catch (cause) {
    throw new UsageError((cause as Error).message);
  }
}
