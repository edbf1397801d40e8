import { defer, EMPTY, expand, map, type Observable, reduce } from 'rxjs';
import { z } from 'zod';
import type { HttpAnswer } from '../../transport/http.ts';
import { jsonOf } from '../../transport/json-of.ts';
import { urlPart } from '../../transport/url-part.ts';
import type { UrgentCall } from './urgent-calls.ts';

const order = z.object({
  order_id: z.string().min(1),
  ticker: z.string().optional(),
  exchange_index: z.int().optional(),
  subaccount_number: z.int().nullish(),
});
const page = z.object({ orders: z.array(order), cursor: z.string().max(4_096).nullish() });

/** An order that the venue lists as resting, with what a cancel of it must name. */
export type RestingOrder = z.infer<typeof order>;

/** All resting orders of all shards and subaccounts, or why they could not be listed. */
export type RestingOrders =
  | { readonly kind: 'listed'; readonly orders: readonly RestingOrder[] }
  | {
      readonly kind: 'notListed';
      readonly why: string;
      /** The venue did not answer in time. */
      readonly late: boolean;
    };

const LIMIT = 1_000;
const MOST_PAGES = 100;

type Page = RestingOrders & { readonly cursor: string; readonly pages: number };

const pageOf = (answer: HttpAnswer, used: ReadonlySet<string>, pages: number): Page => {
  const none = (why: string, late = false): Page => ({ kind: 'notListed', why, late, cursor: '', pages });
  if (answer.kind === 'failed') return none(`the list of orders could not be had: ${answer.why}`, true);
  if (answer.status !== 200) return none(`the list of orders was answered ${answer.status}`);
  const { data } = page.safeParse(jsonOf(answer.text));
  if (!data) return none('the list of orders could not be read');
  const { orders, cursor } = data;
  const next = cursor ?? '';
  if (next !== '' && used.has(next)) return none('the list of orders repeats its cursor and has no end');
  if (next !== '' && pages >= MOST_PAGES) return none(`the list of orders has more than ${MOST_PAGES} pages`);
  return { kind: 'listed', orders, cursor: next, pages };
};

/**
 * Asks for every resting order, page by page. A page that cannot be had or read makes the whole list unknown,
 * since an order may be on it. Each page may take `withinMs`.
 */
export function restingOrders(call: UrgentCall, withinMs: number): Observable<RestingOrders> {
  return defer(() => {
    const used = new Set<string>();
    const ask = (cursor: string, pages: number): Observable<Page> => {
      if (cursor !== '') used.add(cursor);
      const query = `status=resting&limit=${LIMIT}${cursor === '' ? '' : `&cursor=${urlPart(cursor)}`}`;
      return call('GET', `/portfolio/orders?${query}`, withinMs).pipe(
        map((answer) => pageOf(answer, used, pages)),
      );
    };
    return ask('', 1).pipe(
      expand((read) => (read.cursor === '' ? EMPTY : ask(read.cursor, read.pages + 1))),
      reduce<Page, RestingOrders>(
        (all, read) =>
          read.kind === 'notListed' || all.kind === 'notListed'
            ? read
            : { kind: 'listed', orders: [...all.orders, ...read.orders] },
        { kind: 'listed', orders: [] },
      ),
    );
  });
}
