import { z } from 'zod';
import type { MinuteBar } from '../domain/bars.ts';
import type { AssetBars, Frame } from '../domain/frame.ts';
import { cash, count, priceTicks } from '../domain/money.ts';
import { type Micros, SECOND } from '../domain/time.ts';
import { type ExchangeVenue, exchangeVenueNames, type Venue, venueNames } from '../domain/venues.ts';
import { forecastLine } from './forecast-line.ts';

/**
 * Venue column of lines that do not hold a venue's text: sessions, connections, REST answers, commands,
 * ticks.
 */
export const OWN_COLUMN = 'voltage';

const NANOS_DIGITS = 19;

const venue = z.enum(venueNames) satisfies z.ZodType<Venue>;
const exchange = z.enum(exchangeVenueNames) satisfies z.ZodType<ExchangeVenue>;
const bar = z
  .tuple([z.int(), z.number(), z.number(), z.number(), z.number(), z.number(), z.literal([0, 1, 2])])
  .transform(
    ([seconds, open, high, low, close, volume, flag]): MinuteBar => ({
      openAt: seconds * SECOND,
      open,
      high,
      low,
      close,
      volume,
      flag,
    }),
  );

/** Bars by asset. Older recordings have a plain list of bars, without assets. */
const history = z.union([
  z
    .array(bar)
    .transform((bars): readonly AssetBars[] => (bars.length > 0 ? [{ asset: undefined, bars }] : [])),
  z.array(
    z
      .strictObject({ asset: z.string().optional(), bars: z.array(bar) })
      .transform(({ asset, bars }): AssetBars => ({ asset, bars })),
  ),
]);

const request = z.strictObject({
  action: z.enum(['place', 'cancel']),
  clientOrderId: z.string(),
  ticker: z.string(),
  exchangeIndex: z
    .int()
    .nonnegative()
    .optional()
    .transform((index): number | undefined => index),
  side: z.enum(['bid', 'ask']),
  limitTicks: z.int().transform(priceTicks),
  count: z.int().transform(count),
});
const outcomeOfRequest = z.discriminatedUnion('kind', [
  z.strictObject({ kind: z.literal('withheld'), why: z.string() }),
  z.strictObject({ kind: z.literal('sent') }),
  z.strictObject({ kind: z.literal('answered'), status: z.int(), text: z.string() }),
  z.strictObject({ kind: z.literal('timedOut') }),
  z.strictObject({ kind: z.literal('lost'), why: z.string() }),
]);

/** Our own frames in a line, without their time. */
const ownFrame = z.discriminatedUnion('kind', [
  z.strictObject({ kind: z.literal('rest'), venue, resource: z.string(), text: z.string() }),
  z.strictObject({
    kind: z.literal('connection'),
    venue,
    change: z.enum(['opened', 'live', 'resyncing', 'refused', 'closed', 'shed']),
    detail: z.string(),
  }),
  z.strictObject({
    kind: z.literal('clock'),
    venue,
    offsetMicros: z.int(),
    roundTripMicros: z.int(),
  }),
  z.strictObject({ kind: z.literal('session'), name: z.string(), history }),
  z.strictObject({
    kind: z.literal('outcome'),
    ticker: z.string(),
    valueUnits: z.int().optional(),
    /** The name of `valueUnits` on older tapes, where every index had two decimals. */
    valueCents: z.int().optional(),
    result: z.enum(['yes', 'no']),
  }),
  z.strictObject({
    kind: z.literal('command'),
    command: z.enum(['halt', 'reduce', 'resume', 'flatten', 'resolve', 'cancelAll', 'cap']),
    reason: z.string().default(''),
  }),
  z.strictObject({
    kind: z.literal('carried'),
    dayPnl: z.int().transform(cash),
    orderIds: z.array(z.string()),
  }),
  z.strictObject({ kind: z.literal('request'), venue: exchange, request, outcome: outcomeOfRequest }),
  z.strictObject({ kind: z.literal('remoteForecast'), forecast: forecastLine }),
  z.strictObject({ kind: z.literal('tick') }),
]);

/** First line of a tape that is one part of a longer recording; parts are numbered from 1. */
const segment = z.strictObject({ kind: z.literal('segment'), session: z.string(), part: z.int().positive() });

/** Which part of which recording a tape is. */
export type TapeSegment = z.infer<typeof segment>;

/** The result of reading one of our own lines: a frame, the mark of a part, or why it is neither. */
export type OwnLine =
  | { readonly kind: 'frame'; readonly frame: Frame }
  | { readonly kind: 'segment'; readonly segment: TapeSegment }
  | { readonly kind: 'unreadable'; readonly why: string };

/** Reads the JSON of one of our own lines. Never throws. */
export function readOwnLine(text: string, at: Micros): OwnLine {
  let json: unknown;
  try {
    json = JSON.parse(text);
  } catch {
    return { kind: 'unreadable', why: `a ${OWN_COLUMN} line must hold JSON` };
  }
  if (typeof json === 'object' && json !== null && 'kind' in json && json.kind === 'segment') {
    const read = segment.safeParse(json);
    return read.success ? { kind: 'segment', segment: read.data } : unreadable(read.error);
  }
  const { success, data, error } = ownFrame.safeParse(json);
  if (!success) return unreadable(error);
  switch (data.kind) {
    case 'outcome': {
      const { valueCents, valueUnits = valueCents, ...outcome } = data;
      return { kind: 'frame', frame: { ...outcome, valueUnits, at } };
    }
    default:
      return { kind: 'frame', frame: { ...data, at } };
  }
}

const unreadable = (error: z.ZodError): OwnLine => ({
  kind: 'unreadable',
  why: `a ${OWN_COLUMN} line must be a frame this build knows: ${z.prettifyError(error).replaceAll(/\s*\n\s*/g, ' ')}`,
});

const stamped = (at: Micros): string => {
  const nanos = `${at}000`;
  if (!Number.isSafeInteger(at) || nanos.length !== NANOS_DIGITS)
    throw new RangeError(`tape: a frame's time must be microseconds since the epoch, was ${at}`);
  return nanos;
};

const rowOf = ({ openAt, open, high, low, close, volume, flag }: MinuteBar): readonly number[] => [
  openAt / SECOND,
  open,
  high,
  low,
  close,
  volume,
  flag,
];

/** Bars that name no asset stand as a plain list, as they did before assets had names. */
const historyLine = (history: readonly AssetBars[]): unknown =>
  history.every(({ asset }) => asset === undefined)
    ? history.flatMap(({ bars }) => bars.map(rowOf))
    : history.map(({ asset, bars }) => ({ asset, bars: bars.map(rowOf) }));

/**
 * A frame as one line of a tape, its newline included. A newline inside a venue's frame becomes a space: in
 * JSON it can only be white space between tokens. Throws RangeError for a time before 2001-09-09, which has
 * fewer than 19 digits of nanoseconds.
 */
export function tapeLine(frame: Frame): string {
  const nanos = stamped(frame.at);
  if (frame.kind === 'wire') {
    const { venue, text } = frame;
    return `${nanos}\t${venue}\t${text.includes('\n') ? text.replace(/\r?\n/g, ' ') : text}\n`;
  }
  const { at: _, ...rest } = frame;
  const own = rest.kind === 'session' ? { ...rest, history: historyLine(rest.history) } : rest;
  return `${nanos}\t${OWN_COLUMN}\t${JSON.stringify(own)}\n`;
}

/** The first line of a part of a recording. */
export const segmentLine = (at: Micros, session: string, part: number): string =>
  `${stamped(at)}\t${OWN_COLUMN}\t${JSON.stringify({ kind: 'segment', session, part })}\n`;
