import type { AuditEvent } from '../../domain/events/audit.ts';
import { MINUTE, type Micros, SECOND } from '../../domain/time.ts';
import { EXCHANGE } from '../../domain/venues.ts';
import { WHOLE_ACCOUNT } from '../../portfolio/differences.ts';
import type { LiveSettings } from '../live-settings.ts';

/** Why the guard acts: the name of the trip, and a sentence. */
export interface Trip {
  readonly trip:
    | 'dayLoss'
    | 'drawdown'
    | 'difference'
    | 'rejects'
    | 'unknownOrders'
    | 'notReconciled'
    | 'forecast'
    | 'feed'
    | 'index'
    | 'clock';
  readonly why: string;
}

/** What the guard finds. A halt stays until the operator resumes; reductions end with their cause. */
export interface Found {
  readonly halt: Trip | undefined;
  readonly reductions: readonly Trip[];
}

/** What the guard starts from. */
export interface GuardStart {
  readonly settings: LiveSettings;
  /** Names of the assets whose forecasts must come. */
  readonly assets: readonly string[];
  readonly clockOffsetMaxMicros: Micros;
  /** Peak of the equity in earlier runs; undefined for an account that never traded. */
  readonly peakDollars: number | undefined;
}

/** Watches a lane from outside the desk, by what the graph publishes alone. */
export interface Guard {
  readonly receive: (event: AuditEvent) => void;
  readonly look: (now: Micros) => Found;
  readonly peakDollars: () => number | undefined;
  /** The operator trades again: the peak starts from the present equity, and old refusals do not count. */
  readonly rearm: () => void;
}

const dollars = (value: number): string => `$${value.toFixed(2)}`;
const span = (micros: Micros): string => `${Math.round(micros / SECOND)} s`;

/**
 * The lane's guard. It knows nothing of how the desk decides. A realised loss of the day, a drawdown from the
 * peak, cash that differs from the venue's, a storm of refusals and an order that stays unknown halt the
 * lane. A feed that is silent, a model that gives no forecast, an index in doubt, a clock that is off and an
 * account that is not reconciled yet let only orders pass that reduce, for as long as they last.
 */
export function guard({ settings, assets, clockOffsetMaxMicros, peakDollars }: GuardStart): Guard {
  let peak = peakDollars;
  let equity: number | undefined;
  let dayDollars = 0;
  let reconciled = false;
  let cashDiffers: string | undefined;
  let rejects: Micros[] = [];
  const unknownSince = new Map<string, Micros>();
  const forecastAt = new Map<string, Micros>();
  const silentSince = new Map<string, Micros>();
  const doubtSince = new Map<string, Micros>();
  let disconnectedAt: Micros | undefined;
  let clockOff: Micros = 0;

  const halting = (now: Micros): Trip | undefined => {
    if (-dayDollars >= settings.dayLossMaxDollars)
      return {
        trip: 'dayLoss',
        why: `${dollars(-dayDollars)} were lost today, and ${dollars(settings.dayLossMaxDollars)} are the limit`,
      };
    if (peak !== undefined && equity !== undefined && peak - equity >= settings.drawdownMaxDollars)
      return {
        trip: 'drawdown',
        why: `equity is ${dollars(peak - equity)} below its peak of ${dollars(peak)}, and ${dollars(settings.drawdownMaxDollars)} are the limit`,
      };
    if (cashDiffers !== undefined) return { trip: 'difference', why: cashDiffers };
    rejects = rejects.filter((at) => at > now - MINUTE);
    if (rejects.length >= settings.rejectsPerMinuteMax)
      return { trip: 'rejects', why: `the venue refused ${rejects.length} orders within a minute` };
    for (const [id, since] of unknownSince)
      if (now - since > settings.unknownMaxMicros)
        return { trip: 'unknownOrders', why: `the state of order ${id} is unknown for ${span(now - since)}` };
    return undefined;
  };
  const reducing = (now: Micros): readonly Trip[] => {
    const found: Trip[] = [];
    if (!reconciled) found.push({ trip: 'notReconciled', why: "the venue's account is not adopted yet" });
    for (const asset of assets) {
      const at = forecastAt.get(asset);
      if (at === undefined) found.push({ trip: 'forecast', why: `${asset} has no forecast yet` });
      else if (now - at > settings.forecastPatienceMicros)
        found.push({ trip: 'forecast', why: `${asset} has had no new forecast for ${span(now - at)}` });
    }
    if (disconnectedAt !== undefined && now - disconnectedAt > settings.feedPatienceMicros)
      found.push({ trip: 'feed', why: `${EXCHANGE} is disconnected for ${span(now - disconnectedAt)}` });
    for (const [feed, since] of silentSince)
      if (now - since > settings.feedPatienceMicros)
        found.push({ trip: 'feed', why: `${feed} is silent for ${span(now - since)}` });
    for (const [asset, since] of doubtSince)
      if (now - since > settings.feedPatienceMicros)
        found.push({
          trip: 'index',
          why: `the index of ${asset} is far from the spot venues for ${span(now - since)}`,
        });
    if (Math.abs(clockOff) > clockOffsetMaxMicros)
      found.push({ trip: 'clock', why: `our clock is ${(clockOff / SECOND).toFixed(1)} s off a venue's` });
    return found;
  };

  return {
    receive: (event) => {
      switch (event.kind) {
        case 'account':
          ({ dayDollars } = event);
          equity = event.equityDollars;
          if (reconciled) peak = Math.max(peak ?? equity, equity);
          return;
        case 'adopted':
          reconciled = true;
          return;
        case 'difference':
          if (event.ticker === WHOLE_ACCOUNT) cashDiffers = event.why;
          return;
        case 'command':
          if (event.command === 'resolve' && event.reason.startsWith(`${WHOLE_ACCOUNT} `))
            cashDiffers = undefined;
          return;
        case 'orderRejected':
          unknownSince.delete(event.clientOrderId);
          if (!event.withheld) rejects.push(event.at);
          return;
        case 'orderUnknown':
          if (!unknownSince.has(event.clientOrderId)) unknownSince.set(event.clientOrderId, event.at);
          return;
        case 'orderDone':
        case 'orderResting':
          unknownSince.delete(event.clientOrderId);
          return;
        case 'forecast':
          forecastAt.set(event.asset, event.at);
          return;
        case 'connection':
          if (event.venue !== EXCHANGE) return;
          if (event.change === 'closed') disconnectedAt ??= event.at;
          else if (event.change === 'live') disconnectedAt = undefined;
          return;
        case 'feedSilence': {
          const feed = `${event.feed} of ${event.asset}`;
          if (event.silent) silentSince.set(feed, event.since);
          else silentSince.delete(feed);
          return;
        }
        case 'priceDoubt':
          if (event.source !== 'index') return;
          if (event.state !== 'held') doubtSince.delete(event.asset);
          else if (!doubtSince.has(event.asset)) doubtSince.set(event.asset, event.receivedAt);
          return;
        case 'clock':
          clockOff =
            Math.abs(event.offsetMicros) > event.roundTripMicros / 2 + clockOffsetMaxMicros
              ? event.offsetMicros
              : 0;
          return;
        default:
          return;
      }
    },
    look: (now) => ({ halt: halting(now), reductions: reducing(now) }),
    peakDollars: () => peak,
    rearm: () => {
      peak = equity;
      rejects = [];
      unknownSince.clear();
    },
  };
}
