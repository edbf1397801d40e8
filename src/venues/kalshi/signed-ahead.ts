import type { SchedulerLike, Subscription } from 'rxjs';
import { after, every } from '../../operators/after.ts';
import type { KalshiSigner, SignedHeaders } from './sign.ts';

/** The call whose signatures are made ahead. */
export interface SignedAheadOptions {
  readonly method: string;
  /** From the host's root, without a query. */
  readonly path: string;
  readonly clock: SchedulerLike;
  /** The same real time that the signer stamps with. */
  readonly wallMillis: () => number;
  /** How many signatures wait. */
  readonly waiting?: number;
}

/** A signer that has signatures of one call waiting. */
export interface SignedAhead extends KalshiSigner {
  /** Ends making them; `headers` then signs at once. */
  readonly close: () => void;
}

/** A waiting signature is replaced from this age on. */
const REPLACED_MS = 1_000;
/**
 * An older one is not used. The exchange takes a stamp that is five seconds off (measured on its demo); what
 * is left is for our clock and the way.
 */
const OLDEST_MS = 2_000;
const LOOK_MS = 250;

interface Waiting {
  readonly headers: SignedHeaders;
  readonly atMillis: number;
}

/**
 * Takes the cost of a signature off the way of an order: a signature covers the time, the method and the path,
 * not the body, so that of the next order can be made before there is an order. It is made on another thread,
 * bears the time at which it was made, is used once, and not after two seconds. A call for which none waits is
 * signed at once, as every other call is.
 */
export function signedAhead(
  signer: KalshiSigner,
  { method, path, clock, wallMillis, waiting: wanted = 8 }: SignedAheadOptions,
): SignedAhead {
  const waiting: Waiting[] = [];
  let making = 0;
  let closed = false;

  const ageOf = ({ atMillis }: Waiting): number => wallMillis() - atMillis;
  /** A clock that was set back makes an age negative. */
  const isFresh = (one: Waiting, most: number): boolean => ageOf(one) >= 0 && ageOf(one) <= most;
  const make = (): void => {
    making++;
    const atMillis = wallMillis();
    signer.headersLater(method, path).then(
      (headers) => {
        making--;
        if (closed) return;
        waiting.push({ headers, atMillis });
        if (waiting.length > wanted) waiting.shift();
      },
      () => {
        // The call itself meets the same and tells it.
        making--;
      },
    );
  };
  const look = (): void => {
    while (waiting[0] && !isFresh(waiting[0], OLDEST_MS)) waiting.shift();
    const fresh = waiting.filter((one) => isFresh(one, REPLACED_MS)).length;
    for (let missing = wanted - fresh - making; missing > 0; missing--) make();
  };
  const looking = every(LOOK_MS, clock).subscribe(look);
  let soon: Subscription | undefined;
  /** Not at once: to begin a signature would keep the order that has just taken one from leaving. */
  const lookSoon = (): void => {
    soon ??= after(0, clock).subscribe(() => {
      soon = undefined;
      look();
    });
  };
  look();

  return {
    keyId: signer.keyId,
    headersLater: signer.headersLater,
    headers: (asked, askedPath) => {
      if (asked !== method || askedPath !== path) return signer.headers(asked, askedPath);
      // The youngest first: it bears the time that is nearest to now.
      for (let one = waiting.pop(); one; one = waiting.pop())
        if (isFresh(one, OLDEST_MS)) {
          lookSoon();
          return one.headers;
        }
      return signer.headers(method, path);
    },
    close: () => {
      closed = true;
      looking.unsubscribe();
      soon?.unsubscribe();
      waiting.length = 0;
    },
  };
}
