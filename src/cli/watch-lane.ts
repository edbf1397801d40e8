import { existsSync } from 'node:fs';
import type { Observable } from 'rxjs';
import type { LaneControls } from '../../pipelines/edges/control-socket.ts';
import type { Audited } from '../domain/events/audit.ts';
import type { CommandFrame } from '../domain/frame.ts';
import { MILLISECOND, type Micros } from '../domain/time.ts';
import { consoleHistory } from './console-history.ts';
import { laneScreen } from './lane-screen.ts';
import { notifyPerson } from './notify-person.ts';
import { type OpenConsole, openConsole } from './open-console.ts';
import { storeFolder } from './open-lane-store.ts';
import { openTelemetry } from './open-telemetry.ts';
import { tellLater } from './tell-later.ts';

/** All that watches a lane: the console, the terminal, telemetry, and messages to a person. */
export interface LaneWatch {
  /** Takes an event of the lane; it is told to all of them after the frame that it came of. */
  readonly tap: (audited: Audited) => void;
  readonly paint: (at: Micros) => void;
  /** Names who knows how many frames wait for the graph. */
  readonly queues: (count: () => number) => void;
  /** Tells the operator what is not an event. */
  readonly problem: (why: string) => void;
  /** What the operator commands on the console of a lane on paper; `stamp` is the lane's own time. */
  readonly commands: (stamp: () => Micros) => Observable<CommandFrame>;
  /** From now on the console's acts go through the controls of a live lane. */
  readonly control: (lane: LaneControls) => void;
  /** Gives the terminal back, so that a result can be printed. */
  readonly clear: () => void;
  /** Ends all of them: what waits is sent, for a bounded time. */
  readonly close: () => Promise<void>;
}

/** What is watched. */
export interface WatchLane extends OpenConsole {
  /** Name of the lane, the tag of its points. */
  readonly kind: 'demo' | 'paper' | 'live';
  /** Without a screen, for a run whose result is JSON. */
  readonly quiet: boolean;
}

/**
 * Opens all that watches a lane. The console's address is told first. None of them can hold the lane up or
 * end it. Throws UsageError for settings that cannot be used; nothing is open then.
 */
export async function watchLane({ kind, quiet, ...console }: WatchLane): Promise<LaneWatch> {
  const { lane, settings } = console;
  const watched = await openConsole(console);
  const screen = laneScreen(process.stderr, { mark: lane.mark, quiet, address: watched.address });
  try {
    const person = kind === 'demo' ? undefined : notifyPerson(lane.mark, settings);
    const telemetry = openTelemetry(kind, settings, {
      mark: lane.mark,
      speed: lane.speed,
      ...(screen.isDrawn && { report: screen.problem }),
      ...(person && { others: { notify: person.stats } }),
    });
    if (watched.snapshot) telemetry.follow(watched.snapshot);
    const folder = storeFolder(settings.telemetry.store.folder, process.env);
    // An emulated day is the same each time; and a page is served before all of it is read.
    if (watched.snapshot && lane.mark !== 'SIMULATED' && existsSync(folder))
      consoleHistory(folder, { lane: kind, label: settings.label }, Date.now() * MILLISECOND).then(
        watched.earlier,
        (cause: unknown) => {
          const [why] = (cause instanceof Error ? cause.message : String(cause)).split('\n');
          screen.problem(`the console shows nothing of earlier runs: ${why}`);
        },
      );
    watched.dropped(() => Object.values(telemetry.stats()).reduce((sum, { dropped }) => sum + dropped, 0));
    const later = tellLater((audited) => {
      screen.add(audited);
      watched.tap(audited);
      telemetry.tap(audited.event);
      person?.tap(audited);
    });
    return {
      tap: later.add,
      paint: screen.paint,
      queues: (count) => {
        watched.queues(count);
        telemetry.queues(count);
      },
      problem: screen.problem,
      commands: watched.commands,
      control: watched.control,
      clear: () => {
        later.flush();
        screen.close();
      },
      close: async () => {
        // Whatever a watcher makes of the last events, all of them are closed.
        try {
          later.flush();
        } catch (cause) {
          screen.problem(cause instanceof Error ? cause.message : String(cause));
        }
        screen.close();
        await watched.close();
        await person?.close();
        await telemetry.close();
      },
    };
  } catch (cause) {
    await watched.close();
    throw cause;
  }
}
