import type { Asset } from '../../src/domain/asset.ts';
import type { AuditEvent } from '../../src/domain/events/audit.ts';
import type { Frame, SessionFrame } from '../../src/domain/frame.ts';
import type { Micros } from '../../src/domain/time.ts';

/** What a replay finds out about its own inputs while it runs. */
export interface ReplayNotes {
  readonly batch: (batch: readonly Frame[]) => void;
  readonly event: (event: AuditEvent) => void;
  /** What the replay lacked, and which option gives it; one sentence each. */
  readonly lacks: (endedAt: Micros) => readonly string[];
  /** Signs that the tape was recorded by other subscriptions than the settings say; one sentence each. */
  readonly doubts: () => readonly string[];
}

/** A real book crosses for moments only; one whose NO levels are read the wrong way round crosses all the time. */
const MOST_CROSSED_SHARE = 0.2;
const LEAST_DELTAS = 100;
const LEAST_MESSAGES = 100;

/** Watches a replay of tapes that begin at `startAt`. */
export function replayNotes(assets: readonly Asset[], startAt: Micros, useYesPrice: boolean): ReplayNotes {
  const cold = new Set<string>();
  const closes = new Map<string, Micros>();
  const settled = new Set<string>();
  let deltas = 0;
  let crossed = 0;
  let passed = 0;
  let ignored = 0;
  const onSession = ({ history }: SessionFrame): void => {
    assets.forEach(({ name }, i) => {
      const warm = history.some(
        ({ asset, bars }) => bars.length > 0 && (asset === name || (i === 0 && asset === undefined)),
      );
      if (!warm) cold.add(name);
    });
  };
  return {
    batch: (batch) => {
      for (const frame of batch) if (frame.kind === 'session') onSession(frame);
    },
    event: (event) => {
      switch (event.kind) {
        case 'contractBook':
          if (event.change.kind !== 'delta') return;
          deltas++;
          if (event.top.crossed) crossed++;
          return;
        case 'krakenBookChecked':
          if (event.verdict === 'passed') passed++;
          else ignored++;
          return;
        case 'contract':
          if (event.contract.closeAt > startAt) closes.set(event.contract.ticker, event.contract.closeAt);
          return;
        case 'settlement':
          settled.add(event.ticker);
          return;
        default:
          return;
      }
    },
    lacks: (endedAt) => {
      let open = 0;
      for (const [ticker, closeAt] of closes) if (closeAt <= endedAt && !settled.has(ticker)) open++;
      return [
        ...(cold.size > 0
          ? [
              `history: a session has no bars of ${[...cold].join(', ')}, so its forecast begins cold and nothing is traded until it is warm; give --history BARS.csv`,
            ]
          : []),
        ...(open > 0
          ? [
              `settlements: ${open} contracts closed and no result of theirs is known; give --settled FILE.csv`,
            ]
          : []),
      ];
    },
    doubts: () => [
      ...(deltas >= LEAST_DELTAS && crossed > MOST_CROSSED_SHARE * deltas
        ? [
            `Kalshi's books crossed after ${crossed} of ${deltas} deltas: the tape was probably recorded with kalshi.useYesPrice ${!useYesPrice}; say so with --config`,
          ]
        : []),
      ...(ignored >= LEAST_MESSAGES && ignored > passed
        ? [
            `Kraken's book was void for ${ignored} of ${passed + ignored} messages: the tape was probably recorded with another kraken.bookDepth; say it with --config`,
          ]
        : []),
    ],
  };
}
