import '../support/properties.ts';
import { request } from 'node:http';
import { createServer } from 'node:net';
import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import type { Measurement } from '../../src/telemetry/measurement.ts';
import { measurements } from '../../src/telemetry/measurements.ts';
import { serveMetrics } from '../../src/telemetry/metrics-server.ts';
import { OPEN_METRICS_TYPE, openMetrics } from '../../src/telemetry/open-metrics.ts';
import type { Point } from '../../src/telemetry/point.ts';
import { point } from '../../src/telemetry/typed-point.ts';

interface Parsed {
  readonly type: string;
  readonly unit: string | undefined;
  readonly help: string | undefined;
  readonly samples: readonly { readonly labels: Readonly<Record<string, string>>; readonly value: number }[];
}

/** Reads OpenMetrics text by its grammar, character by character, and throws at whatever the grammar does not have. */
function parse(text: string): ReadonlyMap<string, Parsed> {
  const families = new Map<
    string,
    { type: string; unit?: string; help?: string; samples: Parsed['samples'][number][] }
  >();
  let at = 0;
  const fail = (what: string): never => {
    throw new Error(`${what} at ${at}: ${text.slice(at, at + 60)}`);
  };
  const take = (form: RegExp): string => {
    form.lastIndex = at;
    const [found] = form.exec(text) ?? fail(`no ${form}`);
    at += found.length;
    return found;
  };
  const quoted = (end: string): string => {
    let value = '';
    for (; text[at] !== end; at += 1) {
      if (at >= text.length || (text[at] === '\n' && end !== '\n')) fail('a text without an end');
      if (text[at] !== '\\') value += text[at];
      else {
        at += 1;
        value +=
          text[at] === 'n'
            ? '\n'
            : text[at] === '\\' || text[at] === '"'
              ? text[at]
              : fail('an escape that is none');
      }
    }
    at += 1;
    return value;
  };
  const NAME = /[a-zA-Z_:][a-zA-Z0-9_:]*/y;
  let current = '';
  while (!text.startsWith('# EOF\n', at)) {
    if (text.startsWith('# ', at)) {
      const [, kind = ''] = /^# (TYPE|UNIT|HELP) $/.exec(take(/# [A-Z]+ /y)) ?? fail('a comment of no kind');
      const name = take(NAME);
      take(/ /y);
      if (kind === 'TYPE') {
        if (families.has(name)) fail(`${name} comes twice`);
        families.set(name, { type: quoted('\n'), samples: [] });
        current = name;
      } else {
        if (name !== current) fail(`${kind} of ${name} among those of ${current}`);
        const family = families.get(name) ?? fail('no family');
        if (family.samples.length > 0) fail(`${kind} after a sample`);
        if (kind === 'UNIT') family.unit = quoted('\n');
        else family.help = quoted('\n');
      }
      continue;
    }
    const name = take(NAME);
    const family = families.get(name) ?? fail(`a sample of ${name}, which has no type`);
    if (name !== current) fail(`a sample of ${name} among those of ${current}`);
    const labels: Record<string, string> = {};
    if (text[at] === '{') {
      do {
        at += 1;
        const label = take(/[a-zA-Z_][a-zA-Z0-9_]*/y);
        if (label in labels) fail(`label ${label} twice`);
        take(/="/y);
        labels[label] = quoted('"');
      } while (text[at] === ',');
      take(/\}/y);
    }
    take(/ /y);
    family.samples.push({ labels, value: Number(take(/-?[0-9]+(\.[0-9]+)?(e[+-]?[0-9]+)?/y)) });
    take(/\n/y);
  }
  if (at + '# EOF\n'.length !== text.length) fail('text after the end');
  return families as unknown as ReadonlyMap<string, Parsed>;
}

const tags = { lane: 'demo', label: 'a "b"\\\nc' };

describe('openMetrics', () => {
  test('nothing written is the end alone', () => {
    expect(openMetrics(tags).text()).toBe('# EOF\n');
  });

  test('a field is a gauge in a base unit that its name ends in, with the tags as labels', () => {
    const metrics = openMetrics(tags);
    metrics.write(
      point('orderLatency', 1, { series: 'KXBTC15M', stage: 'ended' }, { ms: 250, clientOrderId: 'v-1' }),
    );
    metrics.write(
      point('fair', 1, { series: 'KXBTC15M', rank: '0' }, { ticker: 'T', bidTicks: 4200, position: -150 }),
    );
    const parsed = parse(metrics.text());
    const labels = { ...tags, series: 'KXBTC15M' };
    expect(parsed.get('voltage_order_latency_seconds')).toMatchObject({
      type: 'gauge',
      unit: 'seconds',
      samples: [{ labels: { ...labels, stage: 'ended' }, value: 0.25 }],
    });
    expect(parsed.get('voltage_fair_bid_dollars')?.samples).toEqual([
      { labels: { ...labels, rank: '0' }, value: 0.42 },
    ]);
    expect(parsed.get('voltage_fair_position_contracts')?.samples[0]?.value).toBe(-1.5);
    expect(parsed.size).toBe(3);
  });

  test('property: of each series the last value that was known is read back, whatever the tags hold', () => {
    const points = fc.array(
      fc.record({
        venue: fc.oneof(
          fc.string({ unit: 'binary', maxLength: 5 }),
          fc.constantFrom('"', '\\', '\n', '', 'a'),
        ),
        offsetMs: fc.option(fc.double({ noNaN: false }), { nil: null }),
      }),
      { maxLength: 20 },
    );
    fc.assert(
      fc.property(points, (given) => {
        const metrics = openMetrics({ lane: 'demo' });
        const expected = new Map<string, number>();
        for (const { venue, offsetMs } of given) {
          metrics.write(point('clock', 1, { venue }, { offsetMs }));
          if (offsetMs !== null && Number.isFinite(offsetMs)) expected.set(venue, offsetMs / 1000 + 0); // -0 is written as 0.
        }
        const samples = parse(metrics.text()).get('voltage_clock_offset_seconds')?.samples ?? [];
        expect(new Map(samples.map(({ labels, value }) => [labels['venue'], value]))).toEqual(expected);
        expect(samples.length).toBe(expected.size);
      }),
    );
  });

  test('every measurement gives names of its own, and each name ends in its unit', () => {
    const metrics = openMetrics({ lane: 'demo' });
    let fields = 0;
    for (const [measurement, of] of Object.entries<Measurement>(measurements)) {
      const numbers = Object.entries(of.fields).filter(([, { kind }]) => kind !== 'text');
      fields += numbers.length;
      metrics.write([
        {
          measurement,
          at: 1,
          tags: Object.fromEntries(Object.keys(of.tags).map((tag) => [tag, 'x'])),
          fields: Object.fromEntries(
            numbers.map(([name, { kind }]) => [name, kind === 'boolean' ? true : 1]),
          ),
        },
      ]);
    }
    const parsed = parse(metrics.text());
    expect(parsed.size).toBe(fields);
    for (const [name, { unit, help }] of parsed) {
      if (unit !== undefined) expect(name.endsWith(`_${unit}`)).toBe(true);
      expect(help).toMatch(/\.$/);
    }
  });

  test('of the state there is one word at a time', () => {
    const metrics = openMetrics({});
    for (const [word, code] of [
      ['BLIND', 0],
      ['HALTED', 1],
      ['TRADING', 4],
    ] as const)
      metrics.write(point('state', 1, { word }, { code }));
    expect(parse(metrics.text()).get('voltage_state_code')?.samples).toEqual([
      { labels: { word: 'TRADING' }, value: 4 },
    ]);
  });

  test('series beyond the most are counted and not kept, and those that are there go on', () => {
    const metrics = openMetrics({}, 2);
    const write = (venue: string, roundTripMs: number) =>
      metrics.write(point('clock', 1, { venue }, { roundTripMs }));
    for (const [i, venue] of ['a', 'b', 'c', 'a'].entries()) write(venue, 1000 * i);
    const samples = parse(metrics.text()).get('voltage_clock_round_trip_seconds')?.samples;
    expect(samples).toEqual([
      { labels: { venue: 'a' }, value: 3 },
      { labels: { venue: 'b' }, value: 1 },
    ]);
    expect(metrics.dropped()).toBe(1);
  });
});

describe('serveMetrics', () => {
  const ask = (url: string, options: { host?: string; path?: string; method?: string } = {}) =>
    new Promise<{ status: number | undefined; type: string | undefined; text: string }>((resolve, reject) => {
      const { port } = new URL(url);
      const { host = `127.0.0.1:${port}`, path = '/metrics', method = 'GET' } = options;
      request(
        { host: '127.0.0.1', port, path, method, headers: { host }, agent: false },
        async (response) => {
          let text = '';
          for await (const chunk of response) text += chunk;
          resolve({ status: response.statusCode, type: response.headers['content-type'], text });
        },
      )
        .on('error', reject)
        .end();
    });

  test('only this machine is answered, by its own names, and only GET /metrics', async () => {
    const server = await serveMetrics(0, () => '# EOF\n');
    try {
      const { port, hostname } = new URL(server.url);
      expect(hostname).toBe('127.0.0.1');
      expect(await ask(server.url)).toEqual({ status: 200, type: OPEN_METRICS_TYPE, text: '# EOF\n' });
      for (const host of [`localhost:${port}`, `[::1]:${port}`])
        expect((await ask(server.url, { host })).status).toBe(200);
      for (const host of ['evil.example', `127.0.0.1.evil.example:${port}`, 'a@127.0.0.1', '', '10.0.0.1'])
        expect([host, (await ask(server.url, { host })).status]).toEqual([
          host,
          host === '' ? expect.anything() : 421,
        ]);
      expect((await ask(server.url, { path: '/' })).status).toBe(404);
      expect((await ask(server.url, { method: 'POST' })).status).toBe(405);
    } finally {
      await server.close();
    }
  });

  test('a port that is taken rejects', async () => {
    const taken = createServer();
    await new Promise<void>((resolve) => taken.listen(0, '127.0.0.1', resolve));
    const { port } = taken.address() as { port: number };
    await expect(serveMetrics(port, () => '')).rejects.toThrow('EADDRINUSE');
    await new Promise((resolve) => taken.close(resolve));
  });

  test('a point of no measurement is nothing', () => {
    const metrics = openMetrics({});
    metrics.write([{ measurement: 'none', at: 1, tags: {}, fields: { x: 1 } } satisfies Point]);
    expect(metrics.text()).toBe('# EOF\n');
  });
});
