import { rfc3339Micros } from '../../domain/rfc3339.ts';
import type { FrameMark, MarkReader } from '../../transport/frame-mark.ts';

const OWN: FrameMark = { kind: 'own' };
const HEAD =
  /^\{"channel":"(book|trade|ohlc)","type":"(snapshot|update)",(?:"timestamp":"[^"]+",)?"data":\[\{"symbol":"([^"]+)"/;
const INSTRUMENT = '{"channel":"instrument","type":"snapshot"';

function mark(text: string): FrameMark {
  const [, channel = '', type, symbol] = HEAD.exec(text) ?? [];
  if (symbol === undefined) return text.startsWith(INSTRUMENT) ? { kind: 'whole', key: 'instrument' } : OWN;
  const key = `${channel} ${symbol}`;
  if (channel === 'ohlc') return { kind: 'event', identity: text };
  if (type === 'snapshot') return { kind: 'whole', key };
  const last =
    channel === 'trade'
      ? Number(/.*"trade_id":(\d+)/s.exec(text)?.[1])
      : (rfc3339Micros(/.*"timestamp":"([^"]+)"/s.exec(text)?.[1] ?? '') ?? Number.NaN);
  return Number.isFinite(last) ? { kind: 'ordered', key, at: last, identity: text } : OWN;
}

/**
 * Reads Kraken's texts for merging: trades by the id of their last, book updates by their engine's time.
 * Kraken counts no messages; a book that was joined wrongly fails its checksum and is asked for again.
 */
export const krakenMarkReader = (): MarkReader => ({ mark });
