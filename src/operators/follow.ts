import { type Observable, type Observer, Subscriber, type Subscription } from 'rxjs';

/** RxJS calls a subscriber as it is only if it is a subclass of its own; any other observer it wraps in two. */
class Follower<T> extends Subscriber<T> {
  readonly #to: Subscriber<never>;
  readonly #observer: Observer<T>;

  constructor(to: Subscriber<never>, observer: Observer<T>) {
    super();
    this.#to = to;
    this.#observer = observer;
  }

  override next(value: T): void {
    if (this.isStopped) return;
    try {
      this.#observer.next(value);
    } catch (cause) {
      this.#to.error(cause);
    }
  }

  protected override _error(cause: unknown): void {
    try {
      this.#observer.error(cause);
    } finally {
      this.unsubscribe();
    }
  }

  protected override _complete(): void {
    try {
      this.#observer.complete();
    } catch (cause) {
      this.#to.error(cause);
    } finally {
      this.unsubscribe();
    }
  }
}

/**
 * Subscribes an operator's observer to its source. What the observer throws becomes an error of `to` at once.
 * With a plain `subscribe`, RxJS reports such an error only in a later turn of the event loop, when the rest
 * of the batch has been driven and further orders have been sent.
 */
export const follow = <T>(
  source: Observable<T>,
  to: Subscriber<never>,
  observer: Observer<T>,
): Subscription => source.subscribe(new Follower(to, observer));
