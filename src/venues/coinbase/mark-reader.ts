import type { FrameMark, MarkReader } from '../../transport/frame-mark.ts';

const OWN: FrameMark = { kind: 'own' };

function mark(text: string): FrameMark {
  if (!text.startsWith('{"type":"match"')) return OWN;
  const id = /"trade_id":(\d+)/.exec(text)?.[1];
  const product = /"product_id":"([^"]+)"/.exec(text)?.[1];
  return id === undefined || product === undefined
    ? OWN
    : { kind: 'ordered', key: `match ${product}`, at: Number(id), identity: '' };
}

/** Reads Coinbase's texts for merging: matches by their ids, which only grow within a product. */
export const coinbaseMarkReader = (): MarkReader => ({ mark });
