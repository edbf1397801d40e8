import { createServer, type IncomingMessage, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { openNotify } from '../../../src/telemetry/notify/open-notify.ts';
import { type NotifySettings, notifySettings } from '../../../src/telemetry/notify/settings.ts';
import { notifyTarget } from '../../../src/telemetry/notify/target.ts';

interface Received {
  readonly headers: IncomingMessage['headers'];
  readonly path: string;
  readonly body: string;
}

const SECRET = 'bot123456:AAH-q7Zk3mWv9LxR2sTd8YpN4cHf';

describe('openNotify', () => {
  let server: Server;
  let base = '';
  let received: Received[] = [];
  let status = 200;
  beforeAll(async () => {
    server = createServer((request, response) => {
      let body = '';
      request.setEncoding('utf8');
      request.on('data', (chunk: string) => {
        body += chunk;
      });
      request.on('end', () => {
        received.push({ headers: request.headers, path: request.url ?? '', body });
        response.writeHead(status).end(`you asked for ${request.url ?? ''}`);
      });
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    base = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  });
  afterAll(
    () =>
      new Promise<void>((resolve) => {
        server.closeAllConnections();
        server.close(() => resolve());
      }),
  );

  /** A halt told to the server in one shape; what arrived, and what was logged. */
  async function halted(options: Partial<NotifySettings>) {
    received = [];
    const troubles: string[] = [];
    const notify = openNotify({
      url: `${base}/${SECRET}/sendMessage`,
      settings: notifySettings.parse({ everySeconds: 0, ...options }),
      assets: 1,
      dayLossMaxDollars: 100,
      lane: 'LIVE düne & <co>',
      onTrouble: (why) => troubles.push(why),
    });
    const at = Date.UTC(2026, 5, 1, 14) * 1_000;
    notify.tap({ seq: 1, event: { kind: 'command', at, command: 'halt', reason: 'loss > limit & −$5' } });
    await notify.close();
    return { request: received[0], troubles, stats: notify.stats() };
  }

  test('ntfy gets the text as it is, and its title, priority and tags in headers', async () => {
    const { request, stats } = await halted({ shape: 'ntfy' });
    expect(request?.body).toBe('no order leaves: loss > limit & −$5');
    expect(request?.headers).toMatchObject({
      title: 'LIVE d?ne & <co>: halted',
      priority: 'urgent',
      tags: 'rotating_light',
      'content-type': 'text/plain; charset=utf-8',
    });
    expect(stats.written).toBe(1);
  });

  test('Slack gets a JSON text with its three characters escaped', async () => {
    const { request } = await halted({ shape: 'slack' });
    expect(request?.headers['content-type']).toBe('application/json');
    expect(JSON.parse(request?.body ?? '')).toEqual({
      text: '*LIVE düne &amp; &lt;co&gt;: halted*\nno order leaves: loss &gt; limit &amp; −$5',
    });
  });

  test('Telegram gets the chat and a plain text', async () => {
    const { request } = await halted({ shape: 'telegram', chat: '-100123' });
    expect(request?.path).toBe(`/${SECRET}/sendMessage`);
    expect(JSON.parse(request?.body ?? '')).toEqual({
      chat_id: '-100123',
      text: 'LIVE düne & <co>: halted\nno order leaves: loss > limit & −$5',
      disable_notification: false,
    });
  });

  test('a refusal is logged by its status, without the address that the answer repeats', async () => {
    status = 404;
    const { troubles, stats } = await halted({});
    status = 200;
    expect(stats).toMatchObject({ written: 0, refused: 1 });
    expect(troubles.join(' ')).toContain('HTTP 404');
    expect(troubles.join(' ')).not.toContain('AAH-q7Zk3mWv9LxR2sTd8YpN4cHf');
  });
});

describe('notifyTarget', () => {
  test.each([
    ['not an address', {}, 'is no URL'],
    ['http://ntfy.sh/secretTopic', {}, 'must begin with https://'],
    ['ftp://127.0.0.1/secretTopic', {}, 'must begin with https://'],
    ['http://localhost.evil.test/secretTopic', {}, 'must begin with https://'],
    ['https://user:secretTopic@ntfy.sh/x', {}, 'must hold no user'],
    ['https://api.telegram.org/secretTopic/sendMessage', { shape: 'telegram' as const }, 'needs notify.chat'],
  ])('%s is refused with a sentence that does not repeat it', (text, options, why) => {
    let said = '';
    try {
      notifyTarget(text, notifySettings.parse(options));
    } catch (cause) {
      said = (cause as Error).message;
    }
    expect(said).toContain(why);
    expect(said).not.toContain('secretTopic');
  });

  test.each([
    'https://ntfy.sh/topic',
    'http://127.0.0.1:8080/topic',
    'http://[::1]/topic',
    'http://localhost/topic',
  ])('%s is taken', (text) => {
    expect(notifyTarget(text, notifySettings.parse({})).url).toContain('/topic');
  });
});
