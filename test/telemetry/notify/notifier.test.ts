import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { Observable } from 'rxjs';
import type { Notice } from '../../../src/telemetry/notify/notice.ts';
import { notifier } from '../../../src/telemetry/notify/notifier.ts';
import { type NotifySettings, notifySettings } from '../../../src/telemetry/notify/settings.ts';
import { notifyTarget } from '../../../src/telemetry/notify/target.ts';
import type { Http, HttpAnswer, HttpRequest } from '../../../src/transport/http.ts';
import '../../support/properties.ts';
import { handTimers } from './hand-timers.ts';

const URL_TEXT = 'https://hooks.test/services/T0AAAAAAA/B0BBBBBBB/q7Zk3mWv9LxR2sTd8YpN4cHf';
const OK: HttpAnswer = { kind: 'answered', status: 200, text: 'ok' };
const notice = (topic: string, state = 'now', urgent = false): Notice => ({
  about: 'halt',
  topic,
  state,
  title: `title ${topic}`,
  text: `text ${state}`,
  urgent,
});

/** A notifier whose service answers by `answer`, with a clock of its own. */
function opened(options: Partial<NotifySettings>, answer: (request: HttpRequest, n: number) => HttpAnswer) {
  const timers = handTimers();
  const sent: { readonly at: number; readonly body: string }[] = [];
  const troubles: string[] = [];
  const http: Http = (request) =>
    new Observable((to) => {
      sent.push({ at: timers.now(), body: request.body ?? '' });
      to.next(answer(request, sent.length));
      to.complete();
    });
  const settings = notifySettings.parse({ shape: 'slack', ...options });
  const own = notifier({
    target: notifyTarget(URL_TEXT, settings),
    settings,
    http,
    after: timers.after,
    onTrouble: (why) => troubles.push(why),
  });
  return { ...own, ...timers, sent, troubles };
}

describe('notifier', () => {
  test('property: however notices come, spacing and the hour’s most hold, and each is accounted for', async () => {
    const coming = fc.array(
      fc.record({
        afterMs: fc.oneof(fc.nat(3_000), fc.nat(600_000)),
        topic: fc.constantFrom('a', 'b', 'c', 'd', 'e', 'f'),
        state: fc.constantFrom('1', '2', '3'),
        urgent: fc.boolean(),
      }),
      { maxLength: 60 },
    );
    await fc.assert(
      fc.asyncProperty(coming, fc.integer({ min: 1, max: 6 }), async (list, perHour) => {
        const own = opened({ everySeconds: 7, perHour, repeatMinutes: 20, queue: 3 }, () => OK);
        for (const { afterMs, topic, state, urgent } of list) {
          await own.run(afterMs);
          own.tell(notice(topic, state, urgent));
          expect(own.stats().queued).toBeLessThanOrEqual(3);
        }
        await own.settled();
        const times = own.sent.map(({ at }) => at);
        times.forEach((at, i) => {
          if (i > 0) expect(at - (times[i - 1] as number)).toBeGreaterThanOrEqual(7_000);
          expect(times.filter((other) => other > at - 3_600_000 && other <= at).length).toBeLessThanOrEqual(
            perHour,
          );
        });
        const { written, dropped, refused, repeated, queued } = own.stats();
        expect(written + dropped + refused + repeated + queued).toBe(list.length);
        // The same state of a topic is not sent twice in a row within twenty minutes.
        const last = new Map<string, { readonly at: number; readonly body: string }>();
        for (const each of own.sent) {
          const topic = /title (\w)/.exec(each.body)?.[1] ?? '';
          const before = last.get(topic);
          if (before?.body === each.body) expect(each.at - before.at).toBeGreaterThanOrEqual(20 * 60_000);
          last.set(topic, each);
        }
      }),
      { numRuns: 30 },
    );
  });

  test('what waits is replaced by what is newer of its topic, and is left out where that was told already', async () => {
    const own = opened({ everySeconds: 10 }, () => OK);
    own.tell(notice('blind', 'fed'));
    await own.settled();
    for (const state of ['blind', 'fed', 'blind', 'fed']) own.tell(notice('blind', state));
    await own.run(60_000);
    expect(own.sent).toHaveLength(1);
    own.tell(notice('blind', 'blind'));
    await own.run(60_000);
    expect(own.sent.map(({ body }) => body)).toEqual([
      expect.stringContaining('text fed'),
      expect.stringContaining('text blind'),
    ]);
    expect(own.stats()).toMatchObject({ written: 2, repeated: 4, queued: 0 });
  });

  test('what must last is told once it has, and neither it nor its end if it does not', async () => {
    const own = opened({ everySeconds: 0 }, () => OK);
    const blind = { ...notice('blind', 'blind', true), holdSeconds: 15 };
    own.tell(blind);
    await own.run(14_000);
    own.tell(notice('blind', 'fed'));
    await own.run(60_000);
    expect(own.sent).toEqual([]);
    own.tell(blind);
    await own.run(15_000);
    own.tell(notice('blind', 'fed'));
    await own.run(1_000);
    expect(own.sent.map(({ body }) => /text (\w+)/.exec(body)?.[1])).toEqual(['blind', 'fed']);
    expect(own.stats()).toMatchObject({ written: 2, repeated: 2, queued: 0 });
  });

  test('an urgent notice goes before those that wait, and is the last to be shed', async () => {
    const own = opened({ everySeconds: 10, queue: 2 }, () => OK);
    own.tell(notice('first'));
    await own.settled();
    own.tell(notice('a'));
    own.tell(notice('halt', 'halted', true));
    own.tell(notice('b'));
    await own.run(60_000);
    expect(own.sent.map(({ body }) => /title (\w+)/.exec(body)?.[1])).toEqual(['first', 'halt', 'b']);
    expect(own.stats()).toMatchObject({ written: 3, dropped: 1 });
  });

  test.each<[string, HttpAnswer, number]>([
    ['an error of the server', { kind: 'answered', status: 503, text: URL_TEXT }, 4],
    [
      'an error of the network',
      { kind: 'failed', why: `connect ECONNREFUSED ${URL_TEXT}`, arrived: false },
      4,
    ],
    ['a refusal', { kind: 'answered', status: 403, text: URL_TEXT }, 1],
    ['a wrong address', { kind: 'answered', status: 404, text: URL_TEXT }, 1],
    ['a redirection', { kind: 'answered', status: 302, text: URL_TEXT }, 1],
  ])('%s is tried so often, told without the address, and may be said again', async (_, answer, tries) => {
    const own = opened({ retries: 3, retryFirstMillis: 1_000, retryMaxMillis: 1_500 }, () => answer);
    own.tell(notice('a'));
    await own.run(60_000);
    expect(own.sent).toHaveLength(tries);
    if (tries > 1) expect(own.sent.map(({ at }) => at)).toEqual([0, 1_000, 2_500, 4_000]);
    expect(own.troubles.length).toBeGreaterThan(0);
    for (const why of own.troubles) {
      expect(why).toContain('hooks.test');
      for (const part of ['T0AAAAAAA', 'q7Zk3mWv9LxR2sTd8YpN4cHf']) expect(why).not.toContain(part);
    }
    const { written, dropped, refused } = own.stats();
    expect([written, dropped + refused]).toEqual([0, 1]);
    own.tell(notice('a'));
    await own.run(60_000);
    expect(own.sent.length).toBeGreaterThan(tries);
  });

  test('a message arrives once the server is back, and the others after it in their order', async () => {
    const own = opened({ everySeconds: 1 }, (_, n) =>
      n < 3 ? { kind: 'answered', status: 500, text: '' } : OK,
    );
    for (const topic of ['a', 'b', 'c']) own.tell(notice(topic));
    await own.run(60_000);
    expect(own.stats()).toMatchObject({ written: 3, retries: 2, dropped: 0 });
    expect(own.sent.map(({ body }) => /title (\w)/.exec(body)?.[1])).toEqual(['a', 'a', 'a', 'b', 'c']);
  });

  test('no message holds the webhook’s address, a key or what would end its line', async () => {
    const own = opened({}, () => OK);
    const key = `-----BEGIN PRIVATE KEY-----\n${'MIIEvQIBADANBgkqhkiG9w0BAQEFAASCBKcwggSjAgEAAoIBAQ'}\n-----END PRIVATE KEY-----`;
    own.tell({
      ...notice('a'),
      title: `halt ${URL_TEXT}`,
      text: `${key} and q7Zk3mWv9LxR2sTd8YpN4cHf\u202e\n!`,
    });
    await own.run(1_000);
    const { text } = JSON.parse(own.sent[0]?.body ?? '{}') as { readonly text: string };
    for (const secret of ['T0AAAAAAA', 'q7Zk3mWv9LxR2sTd8YpN4cHf', 'MIIEvQIBADANBgkqhkiG9w0BAQEF', '\u202e'])
      expect(text).not.toContain(secret);
    expect(text.split('\n')).toHaveLength(2);
  });

  test('closing sends what waits without resting, within its time, and leaves no timer', async () => {
    const own = opened({ everySeconds: 1_000, closeMillis: 3_000 }, () => OK);
    for (const topic of ['a', 'b', 'c']) own.tell(notice(topic));
    const closed = own.close();
    await own.run(10);
    await closed;
    expect(own.stats()).toMatchObject({ written: 3, queued: 0, dropped: 0 });
    expect(own.pending()).toBe(0);
    own.tell(notice('late'));
    expect(own.stats().dropped).toBe(1);
  });

  test('closing gives up after its time where the service does not come back', async () => {
    const own = opened({ closeMillis: 3_000 }, () => ({ kind: 'answered', status: 500, text: '' }));
    for (const topic of ['a', 'b']) own.tell(notice(topic));
    await own.settled();
    const closed = own.close();
    await own.run(3_001);
    await closed;
    expect(own.stats()).toMatchObject({ written: 0, queued: 0, dropped: 2 });
    expect(own.pending()).toBe(0);
  });
});
