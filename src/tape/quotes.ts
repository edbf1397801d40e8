import { DOLLAR_TICKS, fixedPoint } from '../domain/money.ts';
import { MILLISECOND, type Micros } from '../domain/time.ts';
import { csvCells } from './csv-cells.ts';
import { readText } from './read-text.ts';

/** Best bid and ask of one contract, in YES prices; undefined where the side is empty. */
export interface QuoteRow {
  readonly at: Micros;
  readonly ticker: string;
  readonly bidTicks: number | undefined;
  readonly askTicks: number | undefined;
}

const NEEDED = ['utc_ms', 'market_ticker', 'yes_bid', 'yes_ask'] as const;
const EXCERPT = 200;
/** Dollars with at most four decimals. */
const DECIMALS = 4;

/**
 * Quotes of contracts from CSV, as `readText` opens it, in the order of the file. Columns, in any order:
 * utc_ms (milliseconds since the epoch), market_ticker, yes_bid, yes_ask (dollars with at most four decimals).
 * Others are left out. An empty cell, a bid of 0 and an ask of 1 are an empty side. Throws one sentence
 * naming file, line and value.
 */
export async function* readQuotes(path: string): AsyncGenerator<QuoteRow> {
  let line = 0;
  let columns: readonly number[] | undefined;
  let width = 0;
  const refuse = (what: string, value: string): never => {
    throw new Error(`quotes: ${path} line ${line}: ${what}, was ${JSON.stringify(value.slice(0, EXCERPT))}`);
  };
  const price = (text: string): number | undefined => {
    if (text === '') return undefined;
    const ticks =
      fixedPoint(text, DECIMALS) ?? refuse('a price must be dollars with at most four decimals', text);
    if (ticks < 0 || ticks > DOLLAR_TICKS) refuse('a price must be from 0 to 1', text);
    return ticks === 0 || ticks === DOLLAR_TICKS ? undefined : ticks;
  };
  for await (const block of readText(path, 'quotes'))
    for (const text of block.toString().split('\n')) {
      line++;
      if (text.trim() === '') continue;
      const cells =
        csvCells(text.replace(/\r$/, '')) ?? refuse('the quotes of the row are broken (RFC 4180)', text);
      if (!columns) {
        const missing = NEEDED.filter((name) => !cells.includes(name));
        if (missing.length > 0) refuse(`the header lacks ${missing.join(', ')}`, text);
        columns = NEEDED.map((name) => cells.indexOf(name));
        width = cells.length;
        continue;
      }
      if (cells.length !== width) refuse(`a row must have ${width} columns`, text);
      const [time = '', ticker = '', bid = '', ask = ''] = columns.map((column) => cells[column] ?? '');
      if (!/^\d{12,14}$/.test(time)) refuse('utc_ms must be milliseconds since 1970', time);
      if (ticker === '') refuse('the row has no market_ticker', text);
      yield { at: Number(time) * MILLISECOND, ticker, bidTicks: price(bid), askTicks: price(ask) };
    }
  if (!columns)
    throw new Error(`quotes: ${path} line 1: the file is empty; the header needs ${NEEDED.join(', ')}`);
}
