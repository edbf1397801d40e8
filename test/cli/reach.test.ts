import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { describe, expect, test } from '@jest/globals';
import { reach } from '../../src/cli/reach.ts';

describe('reach', () => {
  test('a host that answers is no news; one that does not is told by its name and the reason', async () => {
    const server = createServer().listen(0, '127.0.0.1');
    await new Promise((resolve) => server.once('listening', resolve));
    const { port } = server.address() as AddressInfo;
    expect(await reach(`http://127.0.0.1:${port}/path`)).toBeUndefined();
    expect(await reach(`ws://127.0.0.1:${port}`)).toBeUndefined();
    await new Promise((resolve) => server.close(resolve));
    expect(await reach(`http://127.0.0.1:${port}`)).toBe(
      'no network: 127.0.0.1 is not reached (ECONNREFUSED); check the connection, trying goes on',
    );
  });

  test('a name that nobody knows is told too', async () => {
    expect(await reach('https://nobody.invalid')).toMatch(/^no network: nobody\.invalid is not reached \(/);
  });
});
