import type { CommandFrame } from '../../src/domain/frame.ts';
import type { Cancelled } from '../../src/execution/kalshi/cancel-everything.ts';
import { OPERATOR } from '../../src/execution/kalshi/send-gate.ts';
import type { ActAnswer, ConsoleActs } from './console-acts.ts';
import type { LaneControls } from './control-socket.ts';

const done = (result: string): ActAnswer => ({ kind: 'done', result });

/** The acts of a lane on paper: each is a command for the graph, and so lies on the tape. */
export function paperActs(send: (command: CommandFrame['command'], reason: string) => void): ConsoleActs {
  const sends =
    (command: CommandFrame['command'], result: string) =>
    async (reason: string): Promise<ActAnswer> => {
      send(command, `${OPERATOR}: ${reason}`);
      return done(result);
    };
  return {
    halt: sends('halt', 'no order leaves any more, and what rests is being cancelled'),
    resume: sends('resume', 'the lane may trade again'),
    cancelAll: sends('cancelAll', 'all that rests is being cancelled; the lane goes on'),
    flatten: sends(
      'flatten',
      'positions are being closed at the best prices shown; only orders that reduce leave until you resume',
    ),
  };
}

const cancelled = (result: Cancelled, otherwise: string): ActAnswer =>
  result.kind === 'clear'
    ? done(`${otherwise}; nothing rests at the venue`)
    : { kind: 'refused', why: `${otherwise}, but orders may still rest at the venue: ${result.why}` };

/** The acts of a live lane: each goes through its controls, so it is on the tape and in the journal. */
export const liveActs = (lane: LaneControls): ConsoleActs => ({
  halt: async (reason) => cancelled(await lane.halt(OPERATOR, reason), 'the lane is halted'),
  resume: async (reason) => {
    const why = lane.resume(OPERATOR, reason);
    return why === undefined ? done('the lane may trade again') : { kind: 'refused', why };
  },
  cancelAll: async (reason) => cancelled(await lane.cancelAll(reason), 'orders were cancelled'),
  flatten: async (reason) => done(await lane.flatten(reason)),
  cap: async (reason, { name, value }) => {
    const why = lane.cap(name, value, reason);
    return why === undefined
      ? done(`${name} is ${value} until the lane starts anew`)
      : { kind: 'refused', why };
  },
});
