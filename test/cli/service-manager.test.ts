import { chmodSync, existsSync, mkdtempSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from '@jest/globals';
import { serviceManager } from '../../src/cli/service-manager.ts';
import { tempFolder } from '../support/temp-folder.ts';
import { until } from '../support/until.ts';

const root = tempFolder();
/** A folder of programs with a `systemd-notify` that writes its words to a file. */
const standIn = (script = 'echo "$NOTIFY_SOCKET $*" >> "$TOLD"') => {
  const folder = mkdtempSync(join(root, 'bin-'));
  const program = join(folder, 'systemd-notify');
  writeFileSync(program, `#!/bin/sh\n${script}\n`);
  chmodSync(program, 0o755);
  const told = join(folder, 'told');
  return {
    variables: { PATH: folder, NOTIFY_SOCKET: '/run/notify', WATCHDOG_USEC: '120000000', TOLD: told },
    told: (): string => (existsSync(told) ? readFileSync(told, 'utf8') : ''),
  };
};

describe('systemd', () => {
  test('is told each word by its own tool, and wants four within its time', async () => {
    const { variables, told } = standIn();
    const failed: string[] = [];
    const manager = serviceManager(variables, (why) => failed.push(why));
    expect(manager?.everyMs).toBe(30_000);
    manager?.tell('READY=1');
    await until('the first word', async () => told() === '/run/notify READY=1\n');
    manager?.tell('WATCHDOG=1');
    await until('the second word', async () => told() === '/run/notify READY=1\n/run/notify WATCHDOG=1\n');
    expect(failed).toEqual([]);
  });

  test('that did not start the service, or has no watchdog, is told nothing of it', () => {
    expect(serviceManager({ PATH: '' }, () => {})).toBeUndefined();
    const manager = serviceManager({ PATH: '', NOTIFY_SOCKET: '@x' }, () => {});
    expect(manager).toBeDefined();
    expect(manager?.everyMs).toBeUndefined();
  });

  test.each([
    ['is not there', undefined, /^systemd was not told READY=1: spawn systemd-notify ENOENT$/],
    ['refuses', 'exit 3', /^systemd was not told READY=1: code 3$/],
  ])('whose tool %s is no reason to end, and it is said', async (_, script, why) => {
    const { variables } =
      script === undefined ? { variables: { PATH: root, NOTIFY_SOCKET: '@x' } } : standIn(script);
    const failed: string[] = [];
    serviceManager(variables, (each) => failed.push(each))?.tell('READY=1');
    await until('the reason', async () => failed.length > 0);
    expect(failed).toEqual([expect.stringMatching(why)]);
  });

  test('that hangs does not pile up processes', async () => {
    const { variables, told } = standIn('echo x >> "$TOLD"; exec sleep 1');
    const manager = serviceManager(variables, () => {});
    for (let i = 0; i < 9; i++) manager?.tell('WATCHDOG=1');
    await until('three words', async () => told() === 'x\nx\nx\n');
    expect(told()).toBe('x\nx\nx\n');
  });
});
