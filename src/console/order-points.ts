import type { Point } from '../telemetry/point.ts';
import { point, seriesOf } from '../telemetry/typed-point.ts';
import type { ConsoleState, OrderView } from './state.ts';

const SECONDS = ['1', '5', '30', '60'] as const;

/** Markouts and latencies of orders, each once, when it has become known. */
export function orderPoints(): (state: ConsoleState) => readonly Point[] {
  /** What was written of the orders that the state still has. */
  const written = new Map<string, Set<string>>();

  const of = (order: OrderView, at: number): readonly Point[] => {
    const { clientOrderId, ticker, side, markouts, answeredMs, endedMs } = order;
    const done = written.get(clientOrderId) ?? new Set<string>();
    written.set(clientOrderId, done);
    const once = (key: string, value: number | null, make: () => readonly Point[]): readonly Point[] => {
      if (value === null || done.has(key)) return [];
      done.add(key);
      return make();
    };
    const series = seriesOf(ticker);
    return [
      ...once('answered', answeredMs, () =>
        point('orderLatency', at, { series, stage: 'answered' }, { ms: answeredMs, clientOrderId }),
      ),
      ...once('ended', endedMs, () =>
        point('orderLatency', at, { series, stage: 'ended' }, { ms: endedMs, clientOrderId }),
      ),
      ...SECONDS.flatMap((seconds) =>
        once(seconds, markouts[seconds], () =>
          point(
            'markout',
            at,
            { series, side, seconds },
            { ticks: markouts[seconds], ticker, clientOrderId },
          ),
        ),
      ),
    ];
  };

  return ({ at, maps: { orders } }) => {
    for (const id of written.keys()) if (!(id in orders)) written.delete(id);
    return Object.values(orders).flatMap((order) => of(order, at));
  };
}
