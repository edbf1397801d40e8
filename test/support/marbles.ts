import { expect } from '@jest/globals';
import { TestScheduler } from 'rxjs/testing';

/** Runs a marble test in virtual time with jest's deep equality. */
export const marbles: TestScheduler['run'] = (body) =>
  new TestScheduler((actual, expected) => expect(actual).toEqual(expected)).run(body);
