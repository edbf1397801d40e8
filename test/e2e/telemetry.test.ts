import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { InfluxDB } from 'influx';
import type { BacktestSummary } from '../../pipelines/lanes/backtest.ts';
import { demoSettings } from '../../src/config/demo-settings.ts';
import { describeInflux, type Influxd, influxd } from '../support/influxd.ts';
import { tempFolder } from '../support/temp-folder.ts';
import { lastJson, voltage } from '../support/voltage.ts';

const folder = tempFolder();
const tape = join(folder, 'emulated.tape.gz');
const config = join(folder, 'demo.yaml');

beforeAll(() => {
  writeFileSync(
    config,
    JSON.stringify({ label: 'demo', pricing: demoSettings.pricing, risk: demoSettings.risk }),
  );
  expect(voltage(['generate', '--minutes', '16', '--out', tape]).code).toBe(0);
});

/** A lane that trades, with its events in InfluxDB if the environment names one. */
const lane = (environment: Readonly<Record<string, string>> = {}) =>
  voltage(['backtest', tape, '--config', config, '--json'], environment);

describeInflux('a lane with a real influxd', () => {
  let server: Influxd;
  beforeAll(async () => {
    server = await influxd();
  });
  afterAll(() => server.remove());

  test('the graph writes forecast, decision, order, fill, settlement and account points, as many as it decided', async () => {
    const ended = lane({ INFLUX_URL: `${server.url}/lane` });
    expect(ended.code).toBe(0);
    const summary = lastJson<BacktestSummary>(ended);
    const client = new InfluxDB(`${server.url}/lane`);
    const count = async (measurement: string, field: string, where = ''): Promise<number> => {
      const [row] = await client.query<{ n: number }>(
        `SELECT count("${field}") AS n FROM "${measurement}" WHERE "lane" = 'backtest' ${where}`,
      );
      return row?.n ?? 0;
    };
    expect(await count('forecast', 'annualisedVolatility')).toBe(summary.forecasts);
    expect(await count('decision', 'edgeDollars')).toBeGreaterThan(0);
    expect(await count('fill', 'count')).toBe(summary.fills);
    expect(await count('order', 'count', 'AND "state" = \'sent\'')).toBe(summary.orders);
    expect(await count('settlement', 'pnl')).toBe(summary.outcomes);
    expect(await count('account', 'cashDollars')).toBeGreaterThanOrEqual(summary.fills);
  });
});

describe('a lane without the InfluxDB it was told of', () => {
  test('decides the same and ends well, drops nothing, and the log says what waits on disk', () => {
    const deaf = lane({ INFLUX_URL: 'http://127.0.0.1:9/voltage' });
    expect(deaf.code).toBe(0);
    expect(deaf.stderr).toMatch(/"dropped":0,.*"spilled":[1-9]/);
    expect(lastJson<BacktestSummary>(deaf).decisionSha256).toBe(
      lastJson<BacktestSummary>(lane()).decisionSha256,
    );
  });

  test('an address that is none is refused with exit 2', () => {
    const { code, stderr } = lane({ INFLUX_URL: 'somewhere' });
    expect(code).toBe(2);
    expect(stderr).toMatch(/INFLUX_URL is no URL/);
  });
});
