import { describe, expect, test } from '@jest/globals';
import { control } from '../../../src/emulator/transport/control.ts';
import { bench, request } from '../bench.ts';

const TOKEN = 'c0ffee';
const WITH_TOKEN = { authorization: `Bearer ${TOKEN}` };

const desk = () => {
  const emulated = bench();
  const answer = control(emulated.venues, TOKEN);
  return {
    ...emulated,
    answer,
    post: (body: string) =>
      answer(request('/emulator/faults', { method: 'POST', body, headers: WITH_TOKEN })),
  };
};

describe('control', () => {
  test('a posted fault happens at once, and is told back with its defaults', () => {
    const { connect, post, venues } = desk();
    const client = connect('kraken', true);
    expect(post('{"kind":"drop","venue":"kraken"}')).toEqual({
      kind: 'answer',
      status: 200,
      body: '{"injected":{"kind":"drop","venue":"kraken","atMs":0,"spanMs":5000}}',
    });
    expect(client.ended()).toBe('1006 dropped');
    expect(venues.faults.begun()).toEqual(['drop kraken']);
  });

  test('a fault for later happens later', () => {
    const { connect, post, run } = desk();
    const client = connect('kraken', true);
    post('{"kind":"drop","venue":"kraken","atMs":2000}');
    run(1.9);
    expect(client.ended()).toBeUndefined();
    run(0.1);
    expect(client.ended()).toBe('1006 dropped');
  });

  test.each([
    ['drop, please', 'the body must be a fault as JSON'],
    ['', 'the body must be a fault as JSON'],
    ['{"kind":"explode","venue":"kraken"}', /^kind: /],
    ['{"kind":"drop"}', /^venue: /],
    ['{"kind":"drop","venue":"kraken","spanMs":-1}', /^spanMs: /],
    ['null', /^: /],
  ] as const)('%s is refused with 400 and the reason, and nothing happens', (body, why) => {
    const { post, venues } = desk();
    const answer = post(body);
    expect(answer?.status).toBe(400);
    expect((JSON.parse(answer?.body ?? '{}') as { error: unknown }).error).toEqual(
      typeof why === 'string' ? why : expect.stringMatching(why),
    );
    expect(venues.faults.begun()).toEqual([]);
  });

  test('the state is that of both venues and of the faults begun', () => {
    const { answer, run, post, venues } = desk();
    run(5);
    post('{"kind":"hole","venue":"kalshi"}');
    const told = answer(request('/emulator/state', { headers: WITH_TOKEN }));
    expect(JSON.parse(told?.body ?? '{}')).toEqual({
      kraken: venues.kraken.state(),
      kalshi: venues.kalshi.state(),
      faults: ['hole kalshi'],
    });
    expect(venues.kraken.state()['BTC/USD']?.bids).toHaveLength(10);
    expect(Object.keys(venues.kalshi.state()).length).toBeGreaterThan(4);
  });

  test('any other path or method is left to the venue', () => {
    const { answer } = desk();
    for (const [path, method] of [
      ['/0/public/Time', 'GET'],
      ['/emulator/faults', 'GET'],
      ['/emulator/state', 'POST'],
      ['/emulator', 'GET'],
    ] as const)
      expect(answer(request(path, { method }))).toBeUndefined();
  });
});
