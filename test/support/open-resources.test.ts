import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createServer } from 'node:net';
import { describe, expect, test } from '@jest/globals';
import { openResources, stillOpen } from './open-resources.js';

const SOON_MS = 100;

describe('stillOpen', () => {
  test('a server, a child and a timer that are left are named, until they are closed', async () => {
    const before = openResources();
    const server = createServer().listen(0, '127.0.0.1');
    await once(server, 'listening');
    const timer = setInterval(() => {}, 1_000);
    const child = spawn(process.execPath, ['-e', 'setInterval(() => {}, 1_000)'], { stdio: 'ignore' });
    const exited = once(child, 'exit');
    const left = await stillOpen(before, SOON_MS);
    clearInterval(timer);
    child.kill('SIGKILL');
    server.close();
    await exited;
    for (const kind of ['1 TCPServerWrap', '1 ProcessWrap', '1 Timeout']) expect(left).toContain(kind);
    expect(await stillOpen(before)).toBeUndefined();
  });

  test('what was open before, and a timer that keeps nothing alive, are not left', async () => {
    const held = setInterval(() => {}, 1_000);
    const before = openResources();
    const idle = setInterval(() => {}, 1_000).unref();
    expect(await stillOpen(before, SOON_MS)).toBeUndefined();
    clearInterval(held);
    clearInterval(idle);
  });

  test('what closes within the time is not left', async () => {
    const before = openResources();
    setTimeout(() => {}, SOON_MS);
    expect(await stillOpen(before)).toBeUndefined();
  });
});
