import { mkdtempSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as waited } from 'node:timers/promises';
import { afterEach, describe, expect, test } from '@jest/globals';
import { lastValueFrom } from 'rxjs';
import { type Supervisor, startSupervisor } from '../../pipelines/edges/start-supervisor.ts';
import type { EdgeClock } from '../../src/transport/edge-clock.ts';
import { tempFolder } from '../support/temp-folder.ts';

const root = tempFolder();
const started: Supervisor[] = [];
afterEach(async () => {
  for (const each of started.splice(0)) await each.bye();
});

/** A clock that is set by hand. */
const handClock = () => {
  let ms = 0;
  return {
    clock: { now: () => ms } as EdgeClock,
    to: (millis: number): void => {
      ms = millis;
    },
  };
};
/** Reads lines, and hands each to `act` as `line`; ends at a bye. */
const child = (act: string, first = 'say({ ready: true });'): string => `
  const say = (line) => process.stdout.write(JSON.stringify(line) + '\\n');
  ${first}
  require('node:readline').createInterface({ input: process.stdin }).on('line', (text) => {
    const line = JSON.parse(text);
    if (line.bye) process.exit(0);
    ${act}
  });`;
const start = async (script: string, clock: EdgeClock): Promise<Supervisor> => {
  const supervisor = await startSupervisor({
    command: [process.execPath, '-e', script],
    environment: process.env,
    log: join(mkdtempSync(join(root, 's-')), 'supervisor.log'),
    clock,
  });
  started.push(supervisor);
  return supervisor;
};
const until = async (holds: () => boolean): Promise<void> => {
  while (!holds()) await waited(10);
};

describe('startSupervisor', () => {
  test('is alive while it answers beats, and not when it has been silent for 2 s, though its process runs', async () => {
    const { clock, to } = handClock();
    const supervisor = await start(child('if (line.beat < 3) say({ beat: line.beat });'), clock);
    expect(supervisor.alive()).toBe(true);
    for (const ms of [1_500, 3_000]) {
      to(ms);
      supervisor.beat([]);
      await waited(300);
      expect(supervisor.alive()).toBe(true);
    }
    to(4_500);
    supervisor.beat([]);
    await waited(300);
    expect(supervisor.alive()).toBe(true);
    to(5_001);
    expect(supervisor.alive()).toBe(false);
  });

  test('is told the groups of each beat, numbered', async () => {
    const { clock } = handClock();
    const log = join(mkdtempSync(join(root, 's-')), 'supervisor.log');
    const supervisor = await startSupervisor({
      command: [process.execPath, '-e', child('if (line.beat === 2) process.exit(line.groups[0].shard);')],
      environment: process.env,
      log,
      clock,
    });
    supervisor.beat([{ id: 'g', shard: 9 }]);
    supervisor.beat([{ id: 'g', shard: 7 }]);
    expect(await lastValueFrom(supervisor.lost$)).toBe(`the supervisor ended (code 7); ${log} may say why`);
    expect(supervisor.alive()).toBe(false);
    // What is said to one that is gone goes nowhere.
    supervisor.beat([]);
    await supervisor.bye();
  });

  test('one that ends by a bye is not lost', async () => {
    const { clock } = handClock();
    const supervisor = await start(child(''), clock);
    const lost: string[] = [];
    let completed = false;
    supervisor.lost$.subscribe({
      next: (why) => lost.push(why),
      complete: () => {
        completed = true;
      },
    });
    await supervisor.bye();
    await until(() => completed);
    expect(lost).toEqual([]);
  });

  test('one that ends before it watches, and a program that is not there, are told as sentences', async () => {
    const { clock } = handClock();
    await expect(start('process.exit(3)', clock)).rejects.toThrow(/^the supervisor ended \(code 3\)/);
    await expect(
      startSupervisor({
        command: [join(root, 'no-such-program')],
        environment: process.env,
        log: join(root, 'none.log'),
        clock,
      }),
    ).rejects.toThrow(/^the supervisor ended \(spawn .*ENOENT\)/);
  });
});
