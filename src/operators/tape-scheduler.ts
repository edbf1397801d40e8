import { Observable, type SchedulerAction, Subscription } from 'rxjs';
import type { Micros } from '../domain/time.ts';
import type { Clock } from './clock.ts';

type Work = (this: SchedulerAction<unknown>, state?: unknown) => void;

/** RxJS identifies a task by a Subscription that can arm itself again. It requires a subclass for that. */
class Task extends Subscription implements SchedulerAction<unknown> {
  due = 0;
  order = 0;
  slot = -1;
  state: unknown = undefined;
  readonly #heap: TaskHeap;
  readonly work: Work;

  constructor(heap: TaskHeap, work: Work) {
    super();
    this.#heap = heap;
    this.work = work;
  }

  schedule(state?: unknown, delay = 0): Subscription {
    if (this.closed) return this;
    this.state = state;
    this.#heap.arm(this, delay);
    return this;
  }

  override unsubscribe(): void {
    if (this.closed) return;
    super.unsubscribe();
    this.#heap.disarm(this);
  }
}

const before = (a: Task, b: Task): boolean => a.due < b.due || (a.due === b.due && a.order < b.order);

interface TaskHeap {
  readonly arm: (task: Task, delayMs: number) => void;
  readonly disarm: (task: Task) => void;
}

/** Event time for tapes and for the live edge alike, moved by the driver alone. */
export interface TapeScheduler extends Clock {
  /**
   * Runs the timers due by `at`, in order of due time and then of arming, and sets the clock to `at`. Returns
   * false if the clock is held and must settle first.
   */
  readonly runTo: (at: Micros) => boolean;
  /**
   * Sets the clock to `at` without firing anything, for the time between two sessions. Overdue timers fire at
   * the next `runTo`.
   */
  readonly jumpTo: (at: Micros) => void;
  /** True while promises are outstanding. */
  readonly holding: () => boolean;
  /** Waits for the promises that hold the clock, and delivers their results in the order of the calls. */
  readonly settle: () => Promise<void>;
  /** Timers that are armed; for leak tests. */
  readonly pending: () => number;
}

/**
 * A SchedulerLike whose time moves only when the driver moves it. It counts integer microseconds inside and
 * gives RxJS milliseconds. Timers form an indexed binary heap by (due, arming order): arming, re-arming and
 * disarming cost O(log n) and re-arming allocates nothing, unlike RxJS's VirtualTimeScheduler, which keeps
 * every action ever scheduled.
 */
export function tapeScheduler(startAt: Micros): TapeScheduler {
  let at = startAt;
  let order = 0;
  const heap: Task[] = [];
  const held: Promise<() => void>[] = [];

  const place = (task: Task, slot: number): void => {
    heap[slot] = task;
    task.slot = slot;
  };
  const rise = (task: Task, from: number): number => {
    let slot = from;
    while (slot > 0) {
      const above = (slot - 1) >> 1;
      const parent = heap[above];
      if (!parent || !before(task, parent)) break;
      place(parent, slot);
      slot = above;
    }
    place(task, slot);
    return slot;
  };
  const sink = (task: Task, from: number): void => {
    let slot = from;
    for (;;) {
      let below = 2 * slot + 1;
      let child = heap[below];
      const right = heap[below + 1];
      if (child && right && before(right, child)) {
        child = right;
        below++;
      }
      if (!child || !before(child, task)) break;
      place(child, slot);
      slot = below;
    }
    place(task, slot);
  };
  const remove = (task: Task): void => {
    const { slot } = task;
    task.slot = -1;
    const last = heap.pop();
    if (last && last !== task && rise(last, slot) === slot) sink(last, slot);
  };
  const tasks: TaskHeap = {
    arm(task, delayMs) {
      if (Number.isNaN(delayMs)) throw new RangeError('tapeScheduler: delay must be a number, was NaN');
      if (task.slot >= 0) remove(task);
      task.due = at + Math.max(0, Math.round(delayMs * 1000));
      task.order = order++;
      heap.push(task);
      rise(task, heap.length - 1);
    },
    disarm(task) {
      if (task.slot >= 0) remove(task);
    },
  };

  return {
    get at() {
      return at;
    },
    now: () => at / 1000,
    schedule: (work: unknown, delay = 0, state?: unknown): Subscription =>
      new Task(tasks, work as Work).schedule(state, delay),
    hold: (work) =>
      new Observable((to) => {
        held.push(
          work().then(
            (value) => () => {
              to.next(value);
              to.complete();
            },
            (cause: unknown) => () => to.error(cause),
          ),
        );
      }),
    runTo(until) {
      if (held.length > 0) return false;
      for (let task = heap[0]; task && task.due <= until; task = heap[0]) {
        remove(task);
        if (task.due > at) at = task.due;
        task.work.call(task, task.state);
        if (task.slot < 0) task.unsubscribe();
        if (held.length > 0) return false;
      }
      if (until > at && Number.isFinite(until)) at = until;
      return true;
    },
    jumpTo(until) {
      if (until > at) at = until;
    },
    holding: () => held.length > 0,
    async settle() {
      for (let next = held.shift(); next; next = held.shift()) (await next)();
    },
    pending: () => heap.length,
  };
}
