import { describe, expect, test } from '@jest/globals';
import { firstValueFrom, NEVER, Observable, of } from 'rxjs';
import { beforeSilence } from '../../src/cli/before-silence.ts';
import type { Http, HttpRequest } from '../../src/transport/http.ts';
import { wallClock } from '../../src/transport/wall-clock.ts';

const REQUEST: HttpRequest = {
  method: 'GET',
  url: 'http://x',
  headers: {},
  body: undefined,
  timeoutMs: 60_000,
};
const silent: Http = () => NEVER;
const answering: Http = () => of({ kind: 'answered', status: 200, text: 'bars' });
const asked = async (http: Http): Promise<string> => {
  const answer = await firstValueFrom(http(REQUEST));
  return answer.kind === 'answered' ? answer.text : answer.why;
};
const instead = (why: string): string => `without: ${why}`;

describe('beforeSilence', () => {
  const clock = wallClock();

  test('work whose venue answers gives its own result', async () => {
    const patience = { http: answering, clock, silentMs: 60_000, stop$: NEVER };
    expect(await beforeSilence(asked, patience, instead)).toBe('bars');
  });

  test('a venue that never answers is given up, and its request with it', async () => {
    let aborted = false;
    const held: Http = () =>
      new Observable(() => () => {
        aborted = true;
      });
    const patience = { http: held, clock, silentMs: 100, stop$: NEVER };
    expect(await beforeSilence(asked, patience, instead)).toBe('without: no answer for 0.1 s');
    expect(aborted).toBe(true);
  });

  test('the operator’s wish to end does not wait for a venue', async () => {
    const patience = { http: silent, clock, silentMs: 60_000, stop$: of('SIGINT') };
    expect(await beforeSilence(asked, patience, instead)).toBe('without: interrupted');
  });

  test('each answer gives the next one its time again', async () => {
    const slow = async (http: Http): Promise<string> => {
      for (let i = 0; i < 4; i++) {
        await asked(http);
        await new Promise((done) => setTimeout(done, 80));
      }
      return 'all of it';
    };
    const patience = { http: answering, clock, silentMs: 250, stop$: NEVER };
    expect(await beforeSilence(slow, patience, instead)).toBe('all of it');
  });

  test('an error of the work is its own', async () => {
    const broken = async (): Promise<string> => {
      throw new Error('history: not of this pair');
    };
    const patience = { http: answering, clock, silentMs: 60_000, stop$: NEVER };
    await expect(beforeSilence(broken, patience, instead)).rejects.toThrow('not of this pair');
  });
});
