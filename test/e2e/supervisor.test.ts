import { existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as waited } from 'node:timers/promises';
import { afterAll, afterEach, beforeAll, describe, expect, test } from '@jest/globals';
import { type RunningEmulation, startEmulation } from '../../pipelines/edges/start-emulation.ts';
import { liveState } from '../../src/cli/live-state.ts';
import { settingsSchema } from '../../src/config/settings.ts';
import { loadKey } from '../../src/venues/kalshi/key.ts';
import { kalshiSigner } from '../../src/venues/kalshi/sign.ts';
import { BTC } from '../support/assets.ts';
import { type RestingTruth, restingTruth } from '../support/resting-truth.ts';
import { type Started, startVoltage } from '../support/started-voltage.ts';
import { tempFolder } from '../support/temp-folder.ts';
import { lastJson } from '../support/voltage.ts';

// Each test starts three or four programs.
const root = tempFolder();
let venues: RunningEmulation;
let truth: RestingTruth;

beforeAll(async () => {
  venues = await startEmulation({
    settings: {
      ...settingsSchema.parse({ emulator: { seed: 'supervisor', historyMinutes: 20, strikes: 3 } }),
      assets: [BTC],
    },
    krakenPort: 0,
    kalshiPort: 0,
    speed: 1,
    faults: [],
    fromNow: true,
  });
  const key = loadKey({ keyId: venues.kalshiKeyId, privateKeyPath: venues.kalshiPrivateKeyPath });
  if (key?.kind !== 'key') throw new Error('supervisor.test: the emulated key cannot be read');
  truth = restingTruth(venues.venues, kalshiSigner(key, Date.now));
});
afterAll(() => venues.stop());

/** A stand-in lane and its supervisor. */
interface Lane {
  readonly process: Started;
  readonly state: string;
  /** Files of the account. */
  readonly file: (name: string) => string;
  readonly supervisorPid: () => number;
}

const runs = (pid: number): boolean => {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
};
const until = async (holds: () => boolean): Promise<void> => {
  while (!holds()) await waited(20);
};
const lanes: Lane[] = [];
afterEach(async () => {
  for (const { process: lane, supervisorPid } of lanes.splice(0)) {
    lane.kill('SIGCONT');
    lane.kill('SIGKILL');
    await lane.ended;
    const pid = supervisorPid();
    if (pid > 0 && runs(pid)) process.kill(pid, 'SIGKILL');
  }
});

/** Starts a lane whose orders rest. */
const lane = async (patienceMs: number): Promise<Lane> => {
  const state = mkdtempSync(join(root, 'state-'));
  const given = {
    restUrl: venues.kalshiRest,
    keyId: venues.kalshiKeyId,
    privateKeyPath: venues.kalshiPrivateKeyPath,
    state,
    patienceMs,
  };
  const started = startVoltage(
    [JSON.stringify(given)],
    [process.execPath, 'test/support/stand-in-lane.mjs'],
    'open',
  );
  const file = (name: string): string => join(state, readdirSync(state)[0] as string, name);
  const made: Lane = {
    process: started,
    state,
    file,
    supervisorPid: () => Number(/as process (\d+)/.exec(readFileSync(file('supervisor.log'), 'utf8'))?.[1]),
  };
  lanes.push(made);
  expect(JSON.parse(await started.firstLine)).toEqual({ resting: 4 });
  expect(truth.resting().length).toBeGreaterThan(0);
  return made;
};

const operate = ({ state }: Pick<Lane, 'state'>, ...words: readonly string[]) =>
  startVoltage([...words, '--state', state, '--json'], undefined, 'none', {
    KALSHI_ENVIRONMENT: 'demo',
    KALSHI_KEY_ID: venues.kalshiKeyId,
    KALSHI_PRIVATE_KEY_PATH: venues.kalshiPrivateKeyPath,
    VOLTAGE_KALSHI_REST_URL: venues.kalshiRest,
  }).ended;

/** Long enough for an order that was under way, or for one that a lane should not have placed. */
const LATER_MS = 1_500;
const stayedClear = async (): Promise<boolean> => {
  const before = truth.rested();
  await waited(LATER_MS);
  return truth.resting().length === 0 && truth.rested() === before;
};

describe('a supervisor', () => {
  test('of a lane that is stopped cancels everything, and the lane that goes on finds itself halted', async () => {
    const made = await lane(5_000);
    made.process.kill('SIGSTOP');
    await until(() => truth.resting().length === 0);
    await until(() => existsSync(made.file('halted.json')));
    expect(JSON.parse(readFileSync(made.file('halted.json'), 'utf8'))).toMatchObject({
      by: 'the supervisor',
      reason: 'the lane was silent for 5000 ms',
    });
    expect(await stayedClear()).toBe(true);
    made.process.kill('SIGCONT');
    expect(await stayedClear()).toBe(true);
    expect(runs(made.supervisorPid())).toBe(true);
  });

  test('of a lane that is killed cancels everything and then ends, and the account is not halted', async () => {
    const made = await lane(60_000);
    const pid = made.supervisorPid();
    made.process.kill('SIGKILL');
    await until(() => truth.resting().length === 0);
    await until(() => !runs(pid));
    expect(await stayedClear()).toBe(true);
    expect(existsSync(made.file('halted.json'))).toBe(false);
    expect(existsSync(made.file('supervisor.sock'))).toBe(false);
  });

  test('outlives the signals of the lane’s terminal, and ends with a lane that ends regularly', async () => {
    const made = await lane(60_000);
    const pid = made.supervisorPid();
    for (const signal of ['SIGINT', 'SIGHUP', 'SIGTERM'] as const) process.kill(pid, signal);
    await waited(300);
    expect(runs(pid)).toBe(true);
    made.process.say('end\n');
    expect((await made.process.ended).code).toBe(0);
    await until(() => !runs(pid));
    expect(truth.resting()).toEqual([]);
    expect(existsSync(made.file('halted.json'))).toBe(false);
  });

  test('that is killed is missed by its lane', async () => {
    const made = await lane(60_000);
    process.kill(made.supervisorPid(), 'SIGKILL');
    await waited(3_000);
    const { ended } = made.process;
    made.process.kill('SIGKILL');
    expect((await ended).stdout).toContain('{"lost":"the supervisor ended (SIGKILL)');
  });
});

describe('voltage halt', () => {
  test('halts a lane that runs, through the lane', async () => {
    const made = await lane(60_000);
    const halted = await operate(made, 'halt', '--reason', 'a test');
    // On a machine that stalls for a second the lane looks blocked, and its supervisor does it.
    expect(lastJson(halted)).toMatchObject({
      kind: 'clear',
      through: expect.stringMatching(/lane|supervisor/),
    });
    expect(halted.code).toBe(0);
    expect(truth.resting()).toEqual([]);
    expect(await stayedClear()).toBe(true);
    const status = lastJson(await operate(made, 'status'));
    expect(status).toMatchObject({ mode: 'HALTED', reason: 'a test', by: 'the operator' });
    expect(Object.keys(status)).toEqual([
      'mode',
      'reason',
      'by',
      'since',
      'cashDollars',
      'positions',
      'openOrders',
      'unknownOrders',
    ]);
    expect(statSync(made.file('lane.sock')).mode & 0o777).toBe(0o600);
  });

  test('halts a lane that is stopped, through its supervisor, and the lane finds the halt when it goes on', async () => {
    const made = await lane(60_000);
    made.process.kill('SIGSTOP');
    const halted = await operate(made, 'halt', '--reason', 'it hangs');
    expect(lastJson(halted)).toMatchObject({ kind: 'clear', through: 'the supervisor' });
    expect(truth.resting()).toEqual([]);
    const told = await operate(made, 'status');
    expect(told.code).toBe(1);
    expect(told.stderr).toContain('the live lane does not answer');
    expect(lastJson(told)).toMatchObject({ mode: 'HALTED', reason: 'it hangs', positions: null });
    made.process.kill('SIGCONT');
    expect(await stayedClear()).toBe(true);
    await waited(1_500);
    const { ended } = made.process;
    made.process.kill('SIGKILL');
    expect((await ended).stdout).toContain('{"shut":"the operator","reason":"it hangs"}');
  });

  test('cancels by itself where neither the lane nor its supervisor lives', async () => {
    const made = await lane(60_000);
    const pid = made.supervisorPid();
    process.kill(pid, 'SIGKILL');
    made.process.kill('SIGKILL');
    await made.process.ended;
    expect(truth.resting().length).toBeGreaterThan(0);
    const halted = await operate(made, 'halt', '--reason', 'all is gone');
    expect(lastJson(halted)).toMatchObject({ kind: 'clear', through: 'this command' });
    expect(truth.resting()).toEqual([]);
    expect(JSON.parse(readFileSync(made.file('halted.json'), 'utf8'))).toMatchObject({
      by: 'the operator',
      reason: 'all is gone',
    });
    const told = await operate(made, 'status');
    expect(told.stderr).toContain('no live lane runs');
    expect(lastJson(told)).toMatchObject({ mode: 'HALTED', reason: 'all is gone' });
  });

  test('works for an account that no lane ever traded with, and where the halt cannot be written', async () => {
    const made = { state: mkdtempSync(join(root, 'state-')) };
    const account = settingsSchema.parse({
      kalshi: { environment: 'demo', keyId: venues.kalshiKeyId },
    });
    mkdirSync(liveState(account, made.state, {}).halted);
    const halted = await operate(made, 'halt', '--reason', 'to be safe');
    expect(lastJson(halted)).toMatchObject({ kind: 'clear', through: 'this command' });
    expect(halted.stderr).toContain('halted.json could not be written');
    const resumed = await operate(made, 'resume', '--reason', 'why not');
    expect(resumed.code).toBe(1);
    expect(resumed.stderr).toContain('no live lane runs');
  });
});
