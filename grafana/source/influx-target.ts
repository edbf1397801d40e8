import type * as cog from '@grafana/grafana-foundation-sdk/cog';
import { DATASOURCE } from './datasource.ts';

/** One query of a panel. */
export interface Target {
  readonly query: string;
  readonly format: 'time_series' | 'table';
  /** Name of each series; Grafana fills in `$tag_NAME` and `$col`. */
  readonly alias?: string;
}

/**
 * The query as Grafana's InfluxDB source reads it. The library has no type for that source, so the query is
 * plain data. `more` holds what an annotation says beyond the query.
 */
export const influxTarget = (
  refId: string,
  { query, format, alias }: Target,
  more: Readonly<Record<string, unknown>> = {},
): cog.Builder<cog.Dataquery> => ({
  build: () => ({
    refId,
    datasource: { ...DATASOURCE },
    rawQuery: true,
    query,
    resultFormat: format,
    ...(alias !== undefined && { alias }),
    ...more,
    // The mark of the type; a function is no part of the JSON.
    _implementsDataqueryVariant: () => {},
  }),
});

/** The reference ids of a panel's queries: A, B, C … */
export const refId = (index: number): string => String.fromCharCode('A'.charCodeAt(0) + index);
