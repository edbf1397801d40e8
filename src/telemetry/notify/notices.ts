import type { AuditEvent } from '../../domain/events/audit.ts';
import { DAY } from '../../domain/time.ts';
import { blindness } from './blindness.ts';
import { digest } from './digest.ts';
import type { Notice } from './notice.ts';
import type { NotifySettings } from './settings.ts';

/** What notices are made of. */
export interface NoticesOptions {
  /** How many assets are followed. */
  readonly assets: number;
  /** The loss of a day that is 100 %. */
  readonly dayLossMaxDollars: number;
  readonly settings: Pick<NotifySettings, 'on' | 'digestHour' | 'blindSeconds'>;
  /** Stands before every title, such as `LIVE default`. */
  readonly lane: string;
}

/** Shares of the day's loss that are told, the largest first. */
const STEPS = [100, 80, 50] as const;
const ENDS_HALT: ReadonlySet<string> = new Set(['resume', 'reduce', 'flatten']);
const told = (reason: string): string => (reason === '' ? 'without a reason' : reason);

/**
 * What a person is told of a lane's events: a change into and out of a halt; every difference of the account;
 * that nothing feeds the lane, and when something does again; a realised loss of the UTC day of half, four
 * fifths and all of its limit, each once a day; a digest a day. `tell` is called within `add`.
 */
export function notices(
  { assets, dayLossMaxDollars, settings, lane }: NoticesOptions,
  tell: (notice: Notice) => void,
): { readonly add: (event: AuditEvent) => void } {
  const wanted = new Set(settings.on);
  const feeds = blindness(assets);
  const daily = digest(settings.digestHour);
  let halted: string | undefined;
  let halts = 0;
  let blind = false;
  let lossDay = 0;
  let lossStep = 0;

  const say = (notice: Omit<Notice, 'title'> & { readonly what: string }): void => {
    const { what, ...rest } = notice;
    if (wanted.has(notice.about)) tell({ ...rest, title: `${lane}: ${what}` });
  };
  const onLoss = (at: number, dayDollars: number): void => {
    const day = Math.floor(at / DAY);
    if (day !== lossDay) lossStep = 0;
    lossDay = day;
    const share = (-dayDollars / dayLossMaxDollars) * 100;
    const step = STEPS.find((each) => share >= each) ?? 0;
    if (step <= lossStep) return;
    lossStep = step;
    say({
      about: 'dayLoss',
      topic: 'dayLoss',
      state: `${day} ${step}`,
      what: `${step} % of the day's loss`,
      text: `$${(-dayDollars).toFixed(2)} were lost today, and $${dayLossMaxDollars.toFixed(2)} are the limit`,
      urgent: step === STEPS[0],
    });
  };
  return {
    add: (event) => {
      switch (event.kind) {
        case 'command':
          if (event.command === 'halt') {
            if (halted === event.reason) break;
            halted = event.reason;
            say({
              about: 'halt',
              topic: 'halt',
              // A halt after another one is told again, however soon it comes.
              state: `halted ${++halts}`,
              what: 'halted',
              text: `no order leaves: ${told(event.reason)}`,
              urgent: true,
            });
          } else if (ENDS_HALT.has(event.command) && halted !== undefined) {
            halted = undefined;
            say({
              about: 'halt',
              topic: 'halt',
              state: `resumed ${halts}`,
              what: event.command === 'resume' ? 'trades again' : 'reduces',
              text: told(event.reason),
              urgent: false,
            });
          }
          break;
        case 'difference':
          say({
            about: 'difference',
            topic: `difference ${event.ticker} ${event.about}`,
            state: event.why,
            what: `difference in ${event.ticker}`,
            text: event.why,
            urgent: true,
          });
          break;
        case 'account':
          onLoss(event.at, event.dayDollars);
          break;
      }
      if (feeds.add(event)) {
        const missing = feeds.read();
        if ((missing !== undefined) !== blind) {
          blind = missing !== undefined;
          say({
            about: 'blind',
            topic: 'blind',
            state: blind ? 'blind' : 'fed',
            what: blind ? 'blind' : 'fed again',
            text: missing === undefined ? 'market data comes again' : `nothing feeds it: ${missing}`,
            urgent: blind,
            ...(blind && { holdSeconds: settings.blindSeconds }),
          });
        }
      }
      const day = daily.add(event);
      if (day)
        say({
          about: 'digest',
          topic: 'digest',
          state: day.date,
          what: `digest of ${day.date}`,
          text: day.text,
          urgent: false,
        });
    },
  };
}
