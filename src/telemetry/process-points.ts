import { monitorEventLoopDelay } from 'node:perf_hooks';
import type { Micros } from '../domain/time.ts';
import type { Point } from './point.ts';
import { point } from './typed-point.ts';

/** What is told of a sink. */
export interface SinkCounts {
  readonly written: number;
  readonly dropped: number;
  readonly queued: number;
  /** Those that wait on disk. */
  readonly spilled?: number;
  readonly refused?: number;
  readonly retries?: number;
}

/** Reads the process. */
export interface ProcessWatch {
  /** The longest delay of the event loop since the last reading, in milliseconds. */
  readonly loopDelayMs: () => number;
  readonly close: () => void;
}

const RESOLUTION_MS = 20;
const NANOS_A_MILLI = 1e6;
const BYTES_A_MEGABYTE = 1e6;

/** Begins to watch the event loop. It costs one timer of the platform. */
export function processWatch(): ProcessWatch {
  const delays = monitorEventLoopDelay({ resolution: RESOLUTION_MS });
  delays.enable();
  return {
    loopDelayMs: () => {
      const late = Math.max(0, delays.max / NANOS_A_MILLI - RESOLUTION_MS);
      delays.reset();
      return Math.round(late * 10) / 10;
    },
    close: () => delays.disable(),
  };
}

/** The points of the process and of its sinks at `at`. `queued` is null where nobody tells it. */
export const processPoints = (
  at: Micros,
  loopDelayMs: number,
  queued: number | null,
  sinks: Readonly<Record<string, SinkCounts>>,
): readonly Point[] => [
  ...point(
    'process',
    at,
    {},
    { loopDelayMs, heapMegabytes: process.memoryUsage().heapUsed / BYTES_A_MEGABYTE, queued },
  ),
  ...Object.entries(sinks).flatMap(
    ([sink, { written, dropped, queued: waiting, spilled = 0, refused, retries }]) =>
      point('sink', at, { sink }, { written, dropped, queued: waiting + spilled, refused, retries }),
  ),
];
