import { clockTime } from '../domain/clock-time.ts';
import type { AuditEvent } from '../domain/events/audit.ts';
import { dollarsOf } from '../domain/money.ts';
import { printable } from '../domain/printable.ts';
import type { LogLine } from './state.ts';

type Said = Omit<LogLine, 'at'>;

const say = (about: Said['about'], level: Said['level'], text: string): Said => ({
  about,
  level,
  text: printable(text),
});
const told = (reason: string): string => (reason === '' ? '' : `: ${reason}`);
const contracts = (count: number): string => `${Math.abs(count) / 100} ${count < 0 ? 'NO' : 'YES'}`;

/** What an event says to the operator, in one line; undefined for what is shown elsewhere. */
export function logLine(event: AuditEvent): Said | undefined {
  switch (event.kind) {
    case 'session':
      return say('session', 'info', `session ${event.name} begins`);
    case 'command': {
      const { command, reason } = event;
      if (command === 'halt') return say('halt', 'bad', `halted${told(reason)}`);
      if (command === 'reduce') return say('halt', 'warn', `only orders that reduce${told(reason)}`);
      if (command === 'resume') return say('halt', 'info', `resumed${told(reason)}`);
      return say('command', command === 'flatten' ? 'warn' : 'info', `${command}${told(reason)}`);
    }
    case 'difference':
      return say('difference', 'bad', `${event.ticker}: ${event.why}`);
    case 'adopted':
      return say('session', 'info', `the venue's account is adopted: ${event.positions.length} positions`);
    case 'settlement': {
      const { ticker, result, position, pnl } = event;
      if (position === 0 && pnl === 0) return undefined;
      const dollars = dollarsOf(pnl);
      return say(
        'settlement',
        dollars < 0 ? 'warn' : 'info',
        `${ticker} settled ${result.toUpperCase()}, held ${contracts(position)}: ${dollars < 0 ? '−' : '+'}$${Math.abs(dollars).toFixed(2)}`,
      );
    }
    case 'orderRejected':
      return say('order', 'warn', `order ${event.clientOrderId} on ${event.ticker} refused: ${event.why}`);
    case 'orderUnknown':
      return say('order', 'bad', `the state of order ${event.clientOrderId} is unknown: ${event.why}`);
    case 'orderGroup':
      return event.change === 'triggered'
        ? say('order', 'warn', `order group ${event.groupId} was triggered: the venue cancelled its orders`)
        : undefined;
    case 'connection': {
      const { venue, change, detail } = event;
      if (change === 'closed') return say('feed', 'warn', `${venue} is disconnected${told(detail)}`);
      if (change === 'live') return say('feed', 'info', `${venue} is live`);
      if (change === 'refused') return say('feed', 'warn', `${venue} refused${told(detail)}`);
      if (change === 'shed') return say('feed', 'warn', `frames of ${venue} were dropped${told(detail)}`);
      return undefined;
    }
    case 'gap':
      return say('feed', 'warn', `${event.venue} ${event.cause} gap in ${event.scope}${told(event.detail)}`);
    case 'rejected':
      return say('feed', 'warn', `a frame of ${event.venue} could not be read: ${event.why}`);
    case 'feedSilence':
      return event.silent
        ? say('feed', 'warn', `${event.asset} ${event.feed} is silent since ${clockTime(event.since)}`)
        : say('feed', 'info', `${event.asset} ${event.feed} speaks again`);
    case 'feedLacking':
      return say('feed', 'warn', `${event.asset} ${event.feed} is missing in this session`);
    case 'venueStatus':
      return event.trading
        ? say('session', 'info', `${event.venue} trades${told(event.detail)}`)
        : say('session', 'warn', `${event.venue} does not trade${told(event.detail)}`);
    case 'priceDoubt':
      return say('doubt', event.state === 'confirmed' ? 'info' : 'warn', `${event.asset}: ${event.why}`);
    case 'bundle': {
      const { state, legs, count, costDollars, payoffDollars } = event;
      return state === 'found'
        ? say(
            'order',
            'info',
            `${legs.length} contracts of one close contradict each other: ${count / 100} of each cost $${costDollars.toFixed(2)} and pay $${payoffDollars.toFixed(2)} at least`,
          )
        : undefined;
    }
    case 'cashMoved':
      return say('session', 'info', `${event.change} of $${dollarsOf(event.cash).toFixed(2)}`);
    default:
      return undefined;
  }
}
