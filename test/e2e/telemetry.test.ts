import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { InfluxDB } from 'influx';
import type { DemoSummary } from '../../pipelines/demo.ts';
import { describeInflux, type Influxd, influxd } from '../support/influxd.ts';
import { lastJson, voltage } from '../support/voltage.ts';

const demo = (environment: Readonly<Record<string, string>> = {}) =>
  voltage(['demo', '--speed', 'max', '--minutes', '16', '--json'], environment);

describeInflux('a lane with a real influxd', () => {
  let server: Influxd;
  beforeAll(async () => {
    server = await influxd();
  }, 20_000);
  afterAll(() => server.remove());

  test('the graph writes forecast, decision, order, fill, settlement and account points, as many as it decided', async () => {
    const ended = demo({ INFLUX_URL: `${server.url}/lane` });
    expect(ended.code).toBe(0);
    const summary = lastJson<DemoSummary>(ended);
    const client = new InfluxDB(`${server.url}/lane`);
    const count = async (measurement: string, field: string, where = ''): Promise<number> => {
      const [row] = await client.query<{ n: number }>(
        `SELECT count("${field}") AS n FROM "${measurement}" WHERE "lane" = 'demo' ${where}`,
      );
      return row?.n ?? 0;
    };
    expect(await count('forecast', 'annualisedVolatility')).toBe(summary.forecasts);
    expect(await count('decision', 'edgeDollars')).toBeGreaterThan(0);
    expect(await count('fill', 'count')).toBe(summary.fills);
    expect(await count('order', 'count', 'AND "state" = \'sent\'')).toBe(summary.orders);
    expect(await count('settlement', 'pnl')).toBe(summary.outcomes);
    expect(await count('account', 'cashDollars')).toBeGreaterThanOrEqual(summary.fills);
  }, 120_000);
});

describe('a lane without the InfluxDB it was told of', () => {
  test('decides the same and ends well, and the log says what was dropped', () => {
    const deaf = demo({ INFLUX_URL: 'http://127.0.0.1:9/voltage' });
    expect(deaf.code).toBe(0);
    expect(deaf.stderr).toMatch(/"dropped":[1-9]/);
    expect(lastJson<DemoSummary>(deaf).decisionSha256).toBe(lastJson<DemoSummary>(demo()).decisionSha256);
  }, 120_000);

  test('an address that is none is refused with exit 2', () => {
    const { code, stderr } = demo({ INFLUX_URL: 'somewhere' });
    expect(code).toBe(2);
    expect(stderr).toMatch(/INFLUX_URL is no URL/);
  });
});
