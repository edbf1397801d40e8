import pino, { type Logger } from 'pino';
import type { TelemetrySettings } from './settings.ts';

const STDERR = 2;

/** A logger of JSON lines on stderr; stdout belongs to the command's own output. Written at once, so that a crash loses nothing. */
export const openLog = (level: TelemetrySettings['logLevel']): Logger =>
  pino(
    { level, base: null, timestamp: pino.stdTimeFunctions.isoTime },
    pino.destination({ dest: STDERR, sync: true }),
  );
