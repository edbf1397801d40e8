import { describe, expect, test } from '@jest/globals';
import { kalshiSigner } from '../../../src/venues/kalshi/sign.ts';
import { BTC, DOGE, ETH } from '../../support/assets.ts';
import { bench, KEY_PAIR, request } from '../bench.ts';

const QUARTERS = ['KXBTC15M', 'KXETH15M', 'KXDOGE15M'] as const;
const DECIMALS = [2, 2, 7] as const;
const ROOT = '/trade-api/v2';

type Row = Readonly<Record<string, string | number | undefined>>;

/** Three assets' markets from a minute before a quarter's close, and a member of the exchange. KXETH15M trades on a shard of its own. */
const desk = () => {
  const emulated = bench({
    assets: [BTC, ETH, DOGE],
    startAt: '2026-06-01T13:44:00Z',
    density: 0.3,
    exchangeIndex: { KXETH15M: 3 },
  });
  const { venues, clock, get } = emulated;
  const signer = kalshiSigner(
    { kind: 'key', keyId: venues.keyId, type: 'ed25519', privateKey: KEY_PAIR.privateKey },
    () => clock.at / 1_000,
  );
  const post = (path: string, body: object): { readonly status: number; readonly json: Row } => {
    const headers = Object.entries(signer.headers('POST', path)).map(([name, text]) => [
      name.toLowerCase(),
      text,
    ]);
    const answer = venues.kalshi.http(
      request(path, { method: 'POST', headers: Object.fromEntries(headers), body: JSON.stringify(body) }),
    );
    return { status: answer.status, json: JSON.parse(answer.body) as Row };
  };
  const rows = (path: string, key: string, signed = false): readonly Row[] =>
    (get('kalshi', `${ROOT}${path}`, signed).json as Readonly<Record<string, readonly Row[]>>)[key] ?? [];
  const markets = (series: string, status: string): readonly Row[] =>
    rows(`/markets?series_ticker=${series}&status=${status}`, 'markets');
  return { ...emulated, post, rows, markets };
};

describe('the emulated Kalshi over several assets', () => {
  test('an order in any asset’s market fills, and each settles by its own index at its own decimals', () => {
    const { run, post, rows, markets, connect, get } = desk();
    const client = connect('kalshi');
    client.send({
      id: 1,
      cmd: 'subscribe',
      params: { channels: ['cfbenchmarks_value'], index_ids: [BTC, ETH, DOGE].map(({ indexId }) => indexId) },
    });
    client.send({ id: 2, cmd: 'subscribe', params: { channels: ['market_lifecycle_v2', 'fill'] } });
    run(5);
    const open = QUARTERS.map((series) => markets(series, 'open')[0]);
    const tickers = open.map((market) => String(market?.['ticker']));
    for (const market of open) {
      // A market that is all but decided may have one side alone.
      const offered = market?.['yes_ask_dollars'] !== '1.0000';
      const { status, json } = post(`${ROOT}/portfolio/events/orders`, {
        ticker: market?.['ticker'],
        side: offered ? 'bid' : 'ask',
        count: '1.00',
        price: offered ? '0.9990' : '0.0010',
        time_in_force: 'immediate_or_cancel',
        self_trade_prevention_type: 'taker_at_cross',
      });
      expect({ status, filled: json['fill_count'] }).toEqual({ status: 201, filled: '1.00' });
    }
    const shards = [2, 3, 2];
    const fills = [...rows('/portfolio/fills', 'fills', true)].reverse();
    expect(fills.map((row) => [row['ticker'], row['exchange_index']])).toEqual(
      tickers.map((ticker, i) => [ticker, shards[i]]),
    );
    expect(
      rows('/portfolio/positions', 'market_positions', true).map((row) => row['exchange_index']),
    ).toEqual(shards);
    run(75);

    const said = client.news() as readonly { type: string; msg: Readonly<Record<string, string>> }[];
    const told = said
      .filter(({ type }) => type === 'fill')
      .map(({ msg }) => [msg['market_ticker'], msg['exchange_index']]);
    expect(told).toEqual(tickers.map((ticker, i) => [ticker, shards[i]]));
    [BTC, ETH, DOGE].forEach(({ indexId }, i) => {
      const decimals = DECIMALS[i] as number;
      const prints = said.flatMap(({ type, msg }) => {
        if (type !== 'cfbenchmarks_value' || msg['index_id'] !== indexId) return [];
        const { time, value } = JSON.parse(msg['data'] ?? '') as { time: number; value: string };
        expect(value.split('.')[1]).toHaveLength(decimals);
        return time < Date.parse('2026-06-01T13:45:00Z') ? [Math.round(Number(value) * 10 ** decimals)] : [];
      });
      // The subscription began with the session: every print of the last minute was heard.
      expect(prints).toHaveLength(60);
      const units = Math.floor((2 * prints.reduce((sum, each) => sum + each, 0) + 60) / 120);
      const value = (units / 10 ** decimals).toFixed(decimals);
      const series = QUARTERS[i] as string;
      expect(markets(series, 'settled')).toMatchObject([
        { ticker: tickers[i], expiration_value: value, custom_strike: { round_digits: String(decimals) } },
      ]);
      expect(Number(markets(series, 'open')[0]?.['floor_strike'])).toBe(units / 10 ** decimals);
    });
    const settlements = rows('/portfolio/settlements', 'settlements', true);
    expect(new Set(settlements.map((row) => row['ticker']))).toEqual(new Set(tickers));
    const { json } = get('kalshi', `${ROOT}/exchange/status`);
    const statuses = (json as { exchange_index_statuses: readonly Row[] }).exchange_index_statuses;
    expect(statuses.map((row) => row['exchange_index'])).toEqual([0, 2, 3]);
  });

  test('every market of every asset is listed once, and paging finds them all', () => {
    const { rows, run } = desk();
    run(2);
    const all = rows('/markets?limit=1000', 'markets').map((row) => String(row['ticker']));
    expect(new Set(all).size).toBe(all.length);
    for (const series of [
      'KXBTC',
      'KXBTCD',
      'KXBTC15M',
      'KXETH',
      'KXETHD',
      'KXETH15M',
      'KXDOGE',
      'KXDOGED',
      'KXDOGE15M',
    ])
      expect(all.filter((ticker) => ticker.startsWith(`${series}-`)).length).toBeGreaterThan(0);
    expect(rows('/events?series_ticker=KXETHD', 'events')).toMatchObject([{ series_ticker: 'KXETHD' }]);
  });
});
