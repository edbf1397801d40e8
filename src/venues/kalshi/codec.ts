import type { Asset } from '../../domain/asset.ts';
import type { VenueEvent } from '../../domain/events/venue.ts';
import type { Micros } from '../../domain/time.ts';
import type { Decoder } from '../../operators/decode.ts';
import { boundBroken } from '../../transport/json-bounds.ts';
import { jsonOf } from '../../transport/json-of.ts';
import { rejectedFrame, shortened } from '../../transport/rejected-frame.ts';
import { assetsBySeries } from './assets-by-series.ts';
import { type OwnOrders, ownOrders } from './own-orders.ts';
import { readGroup, readPosition } from './read-account.ts';
import { readDelta, readSnapshot } from './read-book.ts';
import { readFee } from './read-fee.ts';
import { type AssetsByIndex, readFastIndex, readIndex } from './read-index.ts';
import { readLifecycle } from './read-lifecycle.ts';
import { readTicker, readTrade } from './read-market.ts';
import { readOwnFill, readOwnOrder } from './read-own.ts';
import { acknowledgement, parsed, type Reading, timeOf } from './reading.ts';
import { scanDelta } from './scan-delta.ts';
import {
  deltaFrame,
  errorFrame,
  eventFrame,
  fastIndexFrame,
  fillFrame,
  groupFrame,
  indexFrame,
  isDelta,
  lifecycleFrame,
  positionFrame,
  replyFrame,
  snapshotFrame,
  subscribedFrame,
  tickerFrame,
  tradeFrame,
  userOrderFrame,
} from './wire.ts';

/** The assets by the names that occur in frames. */
interface Followed {
  readonly bySeries: ReadonlyMap<string, Asset>;
  readonly byIndex: AssetsByIndex;
}

/**
 * Kalshi's codec: it turns one text frame into events (`wire.ts` describes the frames). It is total: a frame
 * that cannot be read exactly gives one `rejected` with the reason, and blank text gives nothing. The
 * sequence number of a rejected frame is lost, so the books see a hole.
 *
 * `useYesPrice` must equal the subscription's own parameter. Without it NO levels have NO prices, with it YES
 * prices; either way they become asks in YES prices. Lifecycle events are made only for series of the assets,
 * as that channel carries every market of the exchange. Other lifecycle frames become acknowledgements, so
 * that the sequence has no hole. The same holds for prints of an index of no asset, for `event_lifecycle`,
 * and for `event_fee_update` and `order_group_updates`, whose content follows in an event of its own. Frames
 * of subaccounts other than the primary one become acknowledgements too: their orders are not ours.
 *
 * `at` is the most precise time in the frame, or our time of receipt if it has none. Strikes and prints are
 * in units of the asset's index; a finer one is rejected.
 */
export function kalshiDecoder(options: {
  readonly useYesPrice: boolean;
  readonly assets: readonly Asset[];
  /** Shared with the REST codec of the same subscription. */
  readonly own?: OwnOrders;
}): Decoder {
  const { useYesPrice, assets, own = ownOrders() } = options;
  const followed: Followed = {
    bySeries: assetsBySeries(assets),
    byIndex: new Map(assets.map((asset) => [asset.indexId, asset])),
  };
  return (text, receivedAt, json) => {
    const delta = json === undefined ? scanDelta(text, receivedAt, useYesPrice) : undefined;
    if (delta) return [delta];
    const frame = json ?? jsonOf(text);
    if (frame === undefined)
      return text.trim() === '' ? [] : [rejected(text, receivedAt, boundBroken(text) ?? 'not JSON')];
    const reading = isDelta(frame)
      ? readDelta(frame, receivedAt, useYesPrice)
      : read(frame, receivedAt, useYesPrice, followed, own);
    if (typeof reading === 'string') return [rejected(text, receivedAt, reading)];
    if (reading.kind !== 'acknowledgement') return [reading];
    switch (reading.method) {
      case 'event_fee_update':
        return [reading, ...feeUpdate(frame, receivedAt)];
      case 'order_group_updates':
        return [reading, ...groupUpdate(frame, text, receivedAt)];
      default:
        return [reading];
    }
  };
}

/** The fee terms of an `event_fee_update` frame. Its sequence number is already in an acknowledgement. */
function feeUpdate(frame: unknown, receivedAt: Micros): readonly VenueEvent[] {
  const { data } = eventFrame.safeParse(frame);
  if (!data) return [];
  const { event_ticker: ticker, fee_type_override: type, fee_multiplier_override: multiplier } = data.msg;
  const fee = type == null ? undefined : readFee(type, multiplier ?? 1);
  return [{ kind: 'feeTerms', at: receivedAt, receivedAt, scope: 'event', ticker, fee }];
}

/** The change of an `order_group_updates` frame. Its sequence number is already in an acknowledgement. */
function groupUpdate(frame: unknown, text: string, receivedAt: Micros): readonly VenueEvent[] {
  const { data } = groupFrame.safeParse(frame);
  if (!data) return [];
  const found = readGroup(data, receivedAt);
  return [typeof found === 'string' ? rejected(text, receivedAt, found) : found];
}

const rejected = (text: string, receivedAt: Micros, why: string): VenueEvent =>
  rejectedFrame('kalshi', text, receivedAt, why);

/** Whatever a venue puts where a word is expected, it is printed short. */
const quoted = (value: unknown): string =>
  typeof value === 'string' ? JSON.stringify(shortened(value, 80)) : `a value of type ${typeof value}`;

function read(
  frame: unknown,
  receivedAt: Micros,
  useYesPrice: boolean,
  { bySeries, byIndex }: Followed,
  own: OwnOrders,
): Reading {
  const type = typeof frame === 'object' && frame !== null ? (frame as { type?: unknown }).type : undefined;
  const ofSubaccount = (method: string, subaccount: number): Reading => ({
    ...acknowledgement(method, receivedAt),
    detail: `of subaccount ${subaccount}`,
  });
  switch (type) {
    case 'orderbook_delta':
      return parsed(deltaFrame, frame, (delta) => readDelta(delta, receivedAt, useYesPrice));
    case 'orderbook_snapshot':
      return parsed(snapshotFrame, frame, (snapshot) => readSnapshot(snapshot, receivedAt, useYesPrice));
    case 'ticker':
      return parsed(tickerFrame, frame, (ticker) => readTicker(ticker, receivedAt));
    case 'trade':
      return parsed(tradeFrame, frame, (trade) => readTrade(trade, receivedAt));
    case 'market_lifecycle_v2':
      return parsed(lifecycleFrame, frame, (life) => readLifecycle(life, receivedAt, bySeries));
    case 'cfbenchmarks_value':
      return parsed(indexFrame, frame, (index) => readIndex(index, receivedAt, byIndex));
    case 'cfbenchmarks_value_5hz':
      return parsed(fastIndexFrame, frame, (index) => readFastIndex(index, receivedAt, byIndex));
    case 'fill':
      return parsed(fillFrame, frame, ({ msg }) =>
        msg.subaccount ? ofSubaccount(type, msg.subaccount) : readOwnFill(msg, own, timeOf(msg, receivedAt)),
      );
    case 'user_order':
      return parsed(userOrderFrame, frame, ({ msg }) =>
        msg.subaccount_number
          ? ofSubaccount(type, msg.subaccount_number)
          : readOwnOrder(msg, own, receivedAt),
      );
    case 'market_position':
      return parsed(positionFrame, frame, (position) =>
        position.msg.subaccount
          ? ofSubaccount(type, position.msg.subaccount)
          : readPosition(position, receivedAt),
      );
    case 'order_group_updates':
      return parsed(groupFrame, frame, ({ sid, seq, msg }) => ({
        ...acknowledgement(type, receivedAt),
        symbol: msg.order_group_id,
        detail: shortened(msg.event_type),
        sid,
        seq,
      }));
    case 'event_lifecycle':
    case 'event_fee_update':
      return parsed(eventFrame, frame, ({ type, sid, seq, msg }) => ({
        ...acknowledgement(type, receivedAt),
        symbol: msg.event_ticker,
        detail:
          type === 'event_fee_update'
            ? shortened(
                `fee type ${msg.fee_type_override ?? 'as series'}, multiplier ${msg.fee_multiplier_override ?? 'as series'}`,
              )
            : undefined,
        sid,
        seq,
      }));
    case 'subscribed':
      return parsed(subscribedFrame, frame, ({ msg }) => ({
        ...acknowledgement(type, receivedAt),
        channel: msg.channel,
        sid: msg.sid,
      }));
    case 'ok':
    case 'unsubscribed':
      return parsed(replyFrame, frame, ({ sid, seq, msg }) => ({
        ...acknowledgement(type, receivedAt),
        sid,
        seq,
        ...(msg?.market_tickers && { tickers: msg.market_tickers }),
      }));
    case 'error':
      return parsed(errorFrame, frame, ({ sid, seq, msg }) => ({
        ...acknowledgement(type, receivedAt),
        accepted: false,
        symbol: msg.market_ticker,
        detail: shortened(`${msg.code}: ${msg.msg ?? 'no text'}`),
        sid,
        seq,
      }));
    default:
      return type === undefined ? 'no frame type' : `unknown frame type ${quoted(type)}`;
  }
}
