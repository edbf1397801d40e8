import type { MinuteBar } from '../../src/domain/bars.ts';
import type { AuditEvent } from '../../src/domain/events/audit.ts';
import { misfit } from '../../src/research/misfit.ts';

/** A file that warms the forecasts of an asset, and its bars around the tapes. */
export interface WarmingFile {
  readonly asset: string | undefined;
  readonly path: string;
  readonly bars: readonly MinuteBar[];
}

/** Holds files of history against what the venue says in the tapes. */
export interface HistoryWitness {
  /** From here on a session runs that these files have warmed. */
  readonly warmedBy: (files: readonly WarmingFile[]) => void;
  /** Takes every event of the graph. Throws one sentence when a file is of another market. */
  readonly add: (event: AuditEvent) => void;
  /** Compares what there is, at the end. Throws likewise. */
  readonly end: () => void;
}

/** Counts of common minutes at which they are compared. */
const LOOK_AT: ReadonlySet<number> = new Set([5, 15, 60, 240, 720]);

/** A file is refused where a tape contradicts it: in the minutes that both have, and where they join. */
export function historyWitness(): HistoryWitness {
  const venue = new Map<WarmingFile, MinuteBar[]>();
  let current: readonly WarmingFile[] = [];
  const refuse = ({ path }: WarmingFile, why: string): never => {
    throw new Error(`history: ${path} is not of the market on the tape: ${why}`);
  };
  const compare = (file: WarmingFile): void => {
    const why = misfit(file.bars, venue.get(file) ?? []);
    if (why) refuse(file, why);
  };
  return {
    warmedBy: (files) => {
      current = files;
    },
    add: (event) => {
      if (current.length === 0) return;
      if (event.kind === 'gap' && event.cause === 'history') {
        const file = current.find(({ asset }) => event.detail.startsWith(`history of ${asset}:`));
        if (file) refuse(file, event.detail);
      }
      if (event.kind !== 'minute' || event.source !== 'live') return;
      const file = current.find(({ asset }) => asset === event.asset);
      if (!file) return;
      const minutes = venue.get(file) ?? [];
      minutes.push(event.bar);
      venue.set(file, minutes);
      if (LOOK_AT.has(minutes.length)) compare(file);
      if (minutes.length > 720) minutes.shift();
    },
    end: () => {
      for (const file of venue.keys()) compare(file);
    },
  };
}
