import { Observable, type OperatorFunction, Subscription } from 'rxjs';
import type { Micros } from '../domain/time.ts';
import type { Clock } from './clock.ts';
import { follow } from './follow.ts';

/** The event a reducer receives when a wake it asked for is due. */
export interface Wake {
  readonly kind: 'wake';
  /** What the wake is for, as it was asked. */
  readonly of: string;
}

/** What a reducer may ask for while it handles one event. */
export interface Effects<Out> {
  readonly emit: (out: Out) => void;
  /**
   * Asks for a `wake` event. Only one wake per name is pending: of the old and the new one, the earlier is
   * kept.
   */
  readonly wake: (of: string, afterMicros: number) => void;
}

/**
 * Handles one event to completion. It owns its state, which the factory given to `core` makes anew and nobody
 * else can reach.
 */
export type Reducer<In, Out> = (event: In, effects: Effects<Out>) => void;

/** A reducer for `core`, with an optional function that cancels its timers. */
export interface Opened<In, Out> {
  readonly step: Reducer<In, Out>;
  readonly close?: () => void;
}

interface Alarm {
  dueAt: Micros;
  task: Subscription;
}

/** Thrown by `emit` to end a reducer whose output nobody receives any more. It never leaves `core`. */
const CLOSED = new Error('core: the stream was closed');

/**
 * The part of the graph that decides: one reducer, which handles each event to completion before the next.
 * Wakes and events of the reducer's own timers go through the same queue, so the reducer never sees
 * half-updated state. `open` is called once per subscription with the function that enqueues. An error of the
 * reducer errors the stream. If the stream is closed while an output is received, `emit` does not return: the
 * reducer does nothing after an output that could not be recorded, and no event reaches it later.
 */
export function core<In, Out>(
  clock: Clock,
  open: (enqueue: (event: In | Wake) => void) => Opened<In | Wake, Out>,
): OperatorFunction<In, Out> {
  return (source) =>
    new Observable((to) => {
      const queue: (In | Wake)[] = [];
      const alarms = new Map<string, Alarm>();
      let busy = false;

      const enqueue = (event: In | Wake): void => {
        if (to.closed) return;
        if (busy) {
          queue.push(event);
          return;
        }
        busy = true;
        try {
          step(event, effects);
          for (let next = queue.shift(); next !== undefined; next = queue.shift()) step(next, effects);
        } catch (cause) {
          queue.length = 0;
          if (cause !== CLOSED) to.error(cause);
        } finally {
          busy = false;
        }
      };
      const effects: Effects<Out> = {
        emit: (out) => {
          to.next(out);
          if (to.closed) throw CLOSED;
        },
        wake: (of, afterMicros) => {
          const dueAt = clock.at + Math.max(0, Math.round(afterMicros));
          let alarm = alarms.get(of);
          if (alarm === undefined) {
            alarm = { dueAt: Number.POSITIVE_INFINITY, task: Subscription.EMPTY };
            alarms.set(of, alarm);
          }
          if (dueAt >= alarm.dueAt) return;
          const rung = alarm;
          rung.task.unsubscribe();
          rung.dueAt = dueAt;
          rung.task = clock.schedule(
            () => {
              rung.dueAt = Number.POSITIVE_INFINITY;
              enqueue({ kind: 'wake', of });
            },
            (dueAt - clock.at) / 1000,
          );
        },
      };
      const { step, close } = open(enqueue);

      const running = new Subscription();
      running.add(() => {
        for (const { task } of alarms.values()) task.unsubscribe();
        close?.();
      });
      running.add(
        follow(source, to, {
          next: enqueue,
          error: (cause: unknown) => to.error(cause),
          complete: () => to.complete(),
        }),
      );
      return running;
    });
}
