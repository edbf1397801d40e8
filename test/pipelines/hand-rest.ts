import { defer, of } from 'rxjs';
import type { HttpAnswer } from '../../src/transport/http.ts';
import type { KrakenAnswer, KrakenRest } from '../../src/venues/kraken/rest.ts';
import { type KrakenOhlcRow, tradesBody } from '../../src/venues/kraken/rest-wire.ts';

const unasked = (): never => {
  throw new Error('handRest: nobody should ask for this');
};

/** What the venue knows. */
export interface HandRestOptions {
  readonly answer: (request: { readonly url: string }) => HttpAnswer;
  readonly candles?: KrakenAnswer<readonly KrakenOhlcRow[]>;
  /** Why the nth page of trades cannot be had. */
  readonly fails?: (nth: number) => string | undefined;
}

/** Kraken's REST at once and without a network: trades from a server of pages, candles as given. `asked` are the pages' `since`. */
export function handRest({ answer, candles, fails = () => undefined }: HandRestOptions): {
  readonly rest: KrakenRest;
  readonly asked: readonly string[];
} {
  const asked: string[] = [];
  return {
    asked,
    rest: {
      time: unasked,
      systemStatus: unasked,
      ohlc: () => (candles ? of(candles) : unasked()),
      trades: (symbol, since) =>
        defer(() => {
          const nth = asked.push(since) - 1;
          const resource = `/0/public/Trades?pair=${symbol}&since=${since}`;
          const why = fails(nth);
          if (why !== undefined) return of({ kind: 'failed' as const, resource, why });
          const got = answer({ url: `http://kraken.test${resource}` });
          const text = got.kind === 'answered' ? got.text : '';
          const { result } = tradesBody.parse(JSON.parse(text)) as {
            readonly result: { readonly last: string; readonly XXBTZUSD: [] };
          };
          return of({
            kind: 'ok' as const,
            resource,
            text,
            value: { rows: result.XXBTZUSD, last: result.last },
          });
        }),
    },
  };
}
