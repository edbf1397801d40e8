import type { MinuteBar } from '../domain/bars.ts';
import { SECOND } from '../domain/time.ts';

/** First line of a file of bars that `readHistory` reads. */
export const HISTORY_HEADER = 'timestamp_utc_seconds,open,high,low,close,volume,flag\n';

/** A bar as one line of such a file. */
export const historyLine = ({ openAt, open, high, low, close, volume, flag }: MinuteBar): string =>
  `${openAt / SECOND},${open},${high},${low},${close},${decimal(volume)},${flag}\n`;

/** Writes a small volume without an exponent. */
const decimal = (volume: number): string =>
  volume !== 0 && volume < 1e-6 ? volume.toFixed(8) : String(volume);
