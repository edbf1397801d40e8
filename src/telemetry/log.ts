import pino, { type Logger } from 'pino';
import type { TelemetrySettings } from './settings.ts';

const STDERR = 2;

/**
 * A logger of JSON lines on stderr; stdout belongs to the command's own output. Lines are written
 * synchronously, so that a crash loses none.
 */
export const openLog = (level: TelemetrySettings['logLevel']): Logger =>
  pino(
    { level, base: null, timestamp: pino.stdTimeFunctions.isoTime },
    pino.destination({ dest: STDERR, sync: true }),
  );
