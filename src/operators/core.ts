import { Observable, type OperatorFunction, Subscription } from 'rxjs';
import type { Clock } from './clock.ts';

/** The event a reducer receives when a wake it asked for is due. */
export interface Wake {
  readonly kind: 'wake';
}

/** What a reducer may ask for while it handles one event. */
export interface Effects<Out, Command> {
  readonly emit: (out: Out) => void;
  readonly send: (command: Command) => void;
  /** Asks for a `wake` event; an earlier wake already pending stands, a later one is brought forward. */
  readonly wake: (afterMicros: number) => void;
}

/** Handles one event to completion. It owns its state: made fresh by the factory given to `core`, reached by nobody else. */
export type Reducer<In, Out, Command> = (event: In, effects: Effects<Out, Command>) => void;

/** The outside a core talks to: what it says comes back as events. */
export interface Port<Command, Answer> {
  readonly events$: Observable<Answer>;
  readonly send: (command: Command) => void;
}

const WAKE: Wake = { kind: 'wake' };

/**
 * The deciding part of the graph: one reducer, run to completion event by event. Answers of the port and wakes re-enter as events through the
 * same queue, so nothing is ever decided on half-updated state, however deep the call that caused it.
 * `reducer` and `open` are called once a subscription. An error of the reducer errors the stream.
 */
export function core<In, Answer, Out, Command>(
  clock: Clock,
  reducer: () => Reducer<In | Answer | Wake, Out, Command>,
  open: () => Port<Command, Answer>,
): OperatorFunction<In, Out> {
  return (source) =>
    new Observable((to) => {
      const step = reducer();
      const port = open();
      const queue: (In | Answer | Wake)[] = [];
      let busy = false;
      let wakeAt = Number.POSITIVE_INFINITY;
      let timer = Subscription.EMPTY;

      const effects: Effects<Out, Command> = {
        emit: (out) => to.next(out),
        send: (command) => port.send(command),
        wake: (afterMicros) => {
          const due = clock.at + Math.max(0, Math.round(afterMicros));
          if (due >= wakeAt) return;
          timer.unsubscribe();
          wakeAt = due;
          timer = clock.schedule(
            () => {
              wakeAt = Number.POSITIVE_INFINITY;
              push(WAKE);
            },
            (due - clock.at) / 1000,
          );
        },
      };
      const push = (event: In | Answer | Wake): void => {
        if (busy) {
          queue.push(event);
          return;
        }
        busy = true;
        try {
          step(event, effects);
          for (let next = queue.shift(); next !== undefined; next = queue.shift()) step(next, effects);
        } catch (cause) {
          to.error(cause);
        } finally {
          busy = false;
        }
      };

      const running = new Subscription();
      running.add(() => timer.unsubscribe());
      running.add(port.events$.subscribe({ next: push, error: (cause: unknown) => to.error(cause) }));
      running.add(
        source.subscribe({
          next: push,
          error: (cause: unknown) => to.error(cause),
          complete: () => to.complete(),
        }),
      );
      return running;
    });
}
