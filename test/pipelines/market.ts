import { loadBackbone } from '../../pipelines/load/load-backbone.ts';
import { runLane } from '../../pipelines/run/run-lane.ts';
import { type Settings, settingsSchema } from '../../src/config/settings.ts';
import type { MinuteBar } from '../../src/domain/bars.ts';
import type { AuditEvent } from '../../src/domain/events/audit.ts';
import type { CommandFrame, Frame, SessionFrame, WireFrame } from '../../src/domain/frame.ts';
import { MILLISECOND, MINUTE, type Micros, SECOND } from '../../src/domain/time.ts';
import { emulatedAssets } from '../../src/emulator/emulated-asset.ts';
import { emulatedFrames } from '../../src/emulator/world/generate.ts';
import { backboneForecaster } from '../../src/forecast/serve/forecaster.ts';
import { decisionLine } from '../../src/telemetry/decision-line.ts';
import { random } from '../support/random.ts';

const { abs, exp, max, min } = Math;

export const forecaster = backboneForecaster(loadBackbone());

/** A thin emulated market in which the desk trades often, since it believes its own model and asks for no edge: plumbing, no strategy. */
export const settingsOf = (emulator: Record<string, unknown>): Settings =>
  settingsSchema.parse({
    pricing: {
      edge: { blend: { marketWeight: 0.3, modelWeight: 0.7, modelWeightError: 0 } },
      // One by one, so that the limits bind and not the stake that a close's contracts share.
      sizing: { kellyFraction: 0.2, method: 'single' },
    },
    risk: {
      edgeMinDollars: 0,
      edgeErrorMultiple: 0,
      orderCooldownMicros: 2 * SECOND,
      orderMaxCount: 2_000,
      positionMaxCount: 400,
      closeLossMaxDollars: 6,
      totalLossMaxDollars: 8,
      ordersOpenMax: 3,
      orderRateMax: 6,
      cashMinDollars: 190,
    },
    execution: { desk: { startingDollars: 200 } },
    emulator: { historyMinutes: 20, strikes: 3, density: 0.2, ...emulator },
  });

/**
 * A week of made-up minutes up to `at`, ending near `dollars`: what the forecast needs to be warm, a hundred times faster than to emulate it.
 */
export function historyBefore(at: Micros, dollars: number): readonly MinuteBar[] {
  const { normal } = random(7);
  const bars: MinuteBar[] = [];
  let close = dollars;
  for (let openAt = at - MINUTE; bars.length < 10_140; openAt -= MINUTE) {
    const open = close * exp(normal() * 0.0006);
    const wick = abs(normal()) * 5;
    bars.push({
      openAt,
      open,
      close,
      high: max(open, close) + wick,
      low: min(open, close) - wick,
      volume: 1,
      flag: 0,
    });
    close = open;
  }
  return bars.reverse();
}

/** The emulated session that `settings` describe, as the graph gets it. */
export function emulatedSession({ emulator, assets }: Settings): {
  readonly startAt: Micros;
  readonly session: SessionFrame;
  readonly wire: readonly WireFrame[];
} {
  const startAt = Date.parse(emulator.startAt) * MILLISECOND;
  return {
    startAt,
    session: {
      kind: 'session',
      at: startAt,
      name: 'emulated',
      history: emulatedAssets(emulator, assets).map(({ name, startDollars }) => ({
        asset: name,
        bars: historyBefore(startAt, startDollars),
      })),
    },
    wire: [...emulatedFrames(emulator, assets)],
  };
}

/** Frames with commands slipped in at their times. */
export const withCommands = (
  frames: readonly Frame[],
  commands: readonly (readonly [at: Micros, command: CommandFrame['command']])[],
): readonly Frame[] =>
  [
    ...frames,
    ...commands.map(([at, command]): CommandFrame => ({ kind: 'command', at, command, reason: '' })),
  ].sort((a, b) => a.at - b.at);

/** Drives the graph over `frames` on paper, `batch` frames at a time; `look` sees every event when it is said. */
export async function runFrames(
  settings: Settings,
  frames: readonly Frame[],
  look: (event: AuditEvent) => void = () => {},
  batch = 4_096,
): Promise<readonly AuditEvent[]> {
  const events: AuditEvent[] = [];
  const batches: (readonly Frame[])[] = [];
  for (let from = 0; from < frames.length; from += batch) batches.push(frames.slice(from, from + batch));
  await runLane(
    {
      batches,
      startAt: frames[0]?.at ?? 0,
      settings,
      forecasterOf: () => forecaster,
      orders: 'paper',
      sinceMs: 0,
      tap: ({ event }) => {
        look(event);
        events.push(event);
      },
    },
    () => ({}),
  );
  return events;
}

/** Events of one kind. */
export const only = <K extends AuditEvent['kind']>(kind: K, events: readonly AuditEvent[]) =>
  events.filter((event): event is Extract<AuditEvent, { kind: K }> => event.kind === kind);

/** The decision log. */
export const linesOf = (events: readonly AuditEvent[]): readonly string[] =>
  only('decision', events).map(decisionLine);
