import type { Observable, Observer, Subscriber, Subscription } from 'rxjs';

/**
 * Subscribes an operator's observer to its source. What the observer throws becomes an error of `to` at once.
 * With a plain `subscribe`, RxJS reports such an error only in a later turn of the event loop, when the rest
 * of the batch has been driven and further orders have been sent.
 */
export const follow = <T>(
  source: Observable<T>,
  to: Subscriber<never>,
  observer: Observer<T>,
): Subscription =>
  source.subscribe({
    next: (value) => {
      try {
        observer.next(value);
      } catch (cause) {
        to.error(cause);
      }
    },
    error: observer.error,
    complete: () => {
      try {
        observer.complete();
      } catch (cause) {
        to.error(cause);
      }
    },
  });
