import { readFileSync } from 'node:fs';
import { createServer, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { applyPatch } from '../../src/console/apply-patch.ts';
import type { ConsolePatch, ConsoleState } from '../../src/console/state.ts';
import { sampleDecision } from './console-sample.ts';

/** An act that the page asked for. */
export interface AskedAct {
  readonly name: string;
  readonly authorization: string | undefined;
  readonly body: unknown;
}

/** A server as small as can be, which serves the built page and a state that a test moves. */
export interface PageServer {
  readonly url: string;
  readonly acts: readonly AskedAct[];
  /** The state that it shows now. */
  readonly state: () => ConsoleState;
  /** Shows another state from its beginning. */
  readonly show: (state: ConsoleState) => void;
  readonly patch: (patch: ConsolePatch) => void;
  /** Sends a patch that its own state does not have, as if one before it were lost. */
  readonly lose: () => void;
  /** Ends all connections of events, and refuses new ones until it is told to go on. */
  readonly down: (isDown: boolean) => void;
  /** Whether the token of the page is that of the run. */
  readonly token: (isGood: boolean) => void;
  readonly close: () => Promise<void>;
}

/** What the real server sends too. */
export const PAGE_CSP =
  "default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self'; img-src 'self' data:; base-uri 'none'; form-action 'none'; frame-ancestors 'none'";

const TYPES: Readonly<Record<string, string>> = {
  '/': 'text/html; charset=utf-8',
  '/page.js': 'text/javascript; charset=utf-8',
  '/page.css': 'text/css; charset=utf-8',
};

const event = (name: string, data: unknown, id?: number): string =>
  `event: ${name}\n${id === undefined ? '' : `id: ${id}\n`}data: ${JSON.stringify(data)}\n\n`;

/** Starts it on a free port of the loopback. */
export async function pageServer(first: ConsoleState): Promise<PageServer> {
  const folder = join(process.cwd(), 'dist/console');
  const readers = new Set<ServerResponse>();
  const acts: AskedAct[] = [];
  let state = first;
  let isDown = false;
  let isTokenGood = true;
  let replay = { from: first.at - 3_600_000_000, until: first.at, at: first.at, playing: false, speed: 60 };
  const send = (text: string): void => {
    for (const reader of readers) reader.write(text);
  };
  const server = createServer((request, response) => {
    const path = (request.url ?? '/').split('?')[0] ?? '/';
    const json = (value: unknown, status = 200): void => {
      response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(value));
    };
    const body = async (): Promise<unknown> => {
      let text = '';
      for await (const piece of request) text += String(piece);
      return JSON.parse(text);
    };
    if (isDown) response.writeHead(503).end();
    else if (TYPES[path])
      response
        .writeHead(200, { 'content-type': TYPES[path], 'content-security-policy': PAGE_CSP })
        .end(readFileSync(join(folder, path === '/' ? 'index.html' : path.slice(1))));
    else if (path === '/api/token') json({ good: isTokenGood });
    else if (path === '/api/state') json(state);
    else if (path === '/api/events') {
      response.writeHead(200, { 'content-type': 'text/event-stream', 'cache-control': 'no-store' });
      response.write(`retry: 100\n${event('snapshot', state, state.patch)}`);
      readers.add(response);
      response.on('close', () => readers.delete(response));
    } else if (path.startsWith('/api/decisions/')) {
      const id = Number(path.slice('/api/decisions/'.length));
      const line = state.rings.decisions.find((each) => each.id === id);
      if (line) json(sampleDecision(id, line.at, line.ticker));
      else json({ error: `decision ${id} is not kept any more` }, 404);
    } else if (path === '/api/replay' && request.method === 'POST')
      void body().then((asked) => {
        replay = { ...replay, ...(asked as Partial<typeof replay>) };
        json(replay);
      });
    else if (path === '/api/replay') json(replay);
    else if (path.startsWith('/api/acts/'))
      void body().then((asked) => {
        const name = path.slice('/api/acts/'.length);
        acts.push({ name, authorization: request.headers.authorization, body: asked });
        json({ ok: true, text: `${name} was done` });
      });
    else response.writeHead(404).end();
  });
  await new Promise<void>((listening) => server.listen(0, '127.0.0.1', listening));
  const beat = setInterval(() => send(event('beat', { patch: state.patch })), 1_000);
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/`,
    acts,
    state: () => state,
    show: (next) => {
      state = next;
      send(event('snapshot', state, state.patch));
    },
    patch: (patch) => {
      state = applyPatch(state, patch) ?? state;
      send(event('patch', patch, patch.patch));
    },
    lose: () => send(event('patch', { patch: state.patch + 5, seq: state.seq, at: state.at })),
    down: (down) => {
      isDown = down;
      if (down) for (const reader of readers) reader.destroy();
    },
    token: (isGood) => {
      isTokenGood = isGood;
    },
    close: () => {
      clearInterval(beat);
      server.closeAllConnections();
      return new Promise((closed) => server.close(() => closed()));
    },
  };
}
