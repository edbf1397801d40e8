import type { Field, Measurement } from './measurement.ts';
import { measurements } from './measurements.ts';
import type { Point } from './point.ts';
import type { Unit } from './units.ts';

/** The last values of every series, for whoever asks. */
export interface OpenMetrics {
  /** Takes points; of each series only the last value stays. */
  readonly write: (points: readonly Point[]) => void;
  /** The exposition in OpenMetrics text. */
  readonly text: () => string;
  /** Series that were not taken because there are too many. */
  readonly dropped: () => number;
}

/** The content type of the text, by the specification. */
export const OPEN_METRICS_TYPE = 'application/openmetrics-text; version=1.0.0; charset=utf-8';

/** Units that OpenMetrics names, with what a value is multiplied by to be in them. */
const BASE: Readonly<Partial<Record<Unit, readonly [unit: string, factor: number]>>> = {
  dollars: ['dollars', 1],
  ticks: ['dollars', 1e-4],
  cash: ['dollars', 1e-4],
  microDollars: ['dollars', 1e-6],
  centiContracts: ['contracts', 0.01],
  contracts: ['contracts', 1],
  share: ['ratio', 1],
  imbalance: ['ratio', 1],
  ratio: ['ratio', 1],
  basisPoints: ['ratio', 1e-4],
  seconds: ['seconds', 1],
  milliseconds: ['seconds', 1e-3],
  minutes: ['seconds', 60],
  microsSince1970: ['seconds', 1e-6],
  megabytes: ['bytes', 1e6],
};
/** Endings of field names that the unit in the metric's name replaces. */
const ENDINGS = /(MicroDollars|Dollars|Ticks|Ms|Megabytes|BasisPoints|Seconds)$/;
const MOST_SERIES = 20_000;
/** Measurements of which one series stands at a time: the word before is over when another comes. */
const ONE_AT_A_TIME: ReadonlySet<string> = new Set(['state']);

const snake = (name: string): string => name.replaceAll(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`);
const escaped = (text: string): string =>
  text.replaceAll('\\', '\\\\').replaceAll('\n', '\\n').replaceAll('"', '\\"');

interface Family {
  readonly name: string;
  readonly unit: string | undefined;
  readonly factor: number;
  readonly help: string;
  /** The sample of each set of labels. */
  readonly samples: Map<string, string>;
}

/**
 * The name of a field's metric: `voltage_`, the measurement and the field, then the unit. A name that says
 * its unit says it once: `voltage_order_latency_seconds` of field `ms`, not `…_ms_seconds`.
 */
const nameOf = (measurement: string, field: string, unit: string | undefined): string => {
  const bare = unit === undefined ? field : field.replace(ENDINGS, '');
  const words = ['voltage', snake(measurement), bare === 'ms' || bare === '' ? '' : snake(bare)];
  return [...words, unit].filter(Boolean).join('_');
};

const familyOf = (measurement: string, field: string, { unit, meaning }: Field, of: Measurement): Family => {
  const [base, factor] = BASE[unit] ?? [undefined, 1];
  const name = nameOf(measurement, field, base);
  return { name, unit: base, factor, help: `${of.meaning}: ${meaning}.`, samples: new Map() };
};

/**
 * Last values as gauges of the OpenMetrics text format 1.0 (github.com/prometheus/OpenMetrics). Numbers and
 * booleans are shown, texts are not. Values carry no time: Prometheus stamps them when it asks, and a lane on
 * event time would otherwise look stale. `tags` are labels of every series.
 */
export function openMetrics(tags: Readonly<Record<string, string>>, mostSeries = MOST_SERIES): OpenMetrics {
  const families = new Map<string, ReadonlyMap<string, Family>>();
  for (const [measurement, of] of Object.entries<Measurement>(measurements)) {
    const shown = Object.entries(of.fields).filter(([, { kind }]) => kind !== 'text');
    families.set(
      measurement,
      new Map(shown.map(([field, column]) => [field, familyOf(measurement, field, column, of)])),
    );
  }
  let series = 0;
  let dropped = 0;
  const own = Object.entries(tags).map(([name, value]) => `${snake(name)}="${escaped(value)}"`);

  return {
    write: (points) => {
      for (const point of points) {
        const fields = families.get(point.measurement);
        if (!fields) continue;
        let labels: string | undefined;
        for (const [field, { factor, samples }] of fields) {
          const value = point.fields[field];
          const number = typeof value === 'boolean' ? Number(value) : value;
          if (typeof number !== 'number' || !Number.isFinite(number)) continue;
          labels ??= [
            ...Object.entries(point.tags).map(([name, text]) => `${snake(name)}="${escaped(text)}"`),
            ...own,
          ].join(',');
          if (!samples.has(labels)) {
            if (ONE_AT_A_TIME.has(point.measurement)) {
              series -= samples.size;
              samples.clear();
            }
            if (series >= mostSeries) {
              dropped += 1;
              continue;
            }
            series += 1;
          }
          // Division is exact where multiplication by a negative power of ten is not.
          samples.set(labels, String(factor < 1 ? number / Math.round(1 / factor) : number * factor));
        }
      }
    },
    text: () => {
      const lines: string[] = [];
      for (const fields of families.values())
        for (const { name, unit, help, samples } of fields.values()) {
          if (samples.size === 0) continue;
          lines.push(`# TYPE ${name} gauge`);
          if (unit !== undefined) lines.push(`# UNIT ${name} ${unit}`);
          lines.push(`# HELP ${name} ${escaped(help)}`);
          for (const [labels, value] of samples)
            lines.push(labels === '' ? `${name} ${value}` : `${name}{${labels}} ${value}`);
        }
      return `${lines.join('\n')}${lines.length > 0 ? '\n' : ''}# EOF\n`;
    },
    dropped: () => dropped,
  };
}
