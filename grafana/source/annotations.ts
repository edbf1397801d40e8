import type * as cog from '@grafana/grafana-foundation-sdk/cog';
import * as dashboard from '@grafana/grafana-foundation-sdk/dashboard';
import type { measurements } from '../../src/telemetry/measurements.ts';
import { DATASOURCE } from './datasource.ts';
import { influxTarget } from './influx-target.ts';

interface Marked {
  readonly name: string;
  readonly from: keyof typeof measurements;
  readonly colour: string;
  readonly text: string;
  readonly tag: string;
}

const MARKED: readonly Marked[] = [
  { name: 'Fills', from: 'fill', colour: 'blue', text: 'ticker', tag: 'side' },
  { name: 'Halts', from: 'halt', colour: 'red', text: 'reason', tag: 'by' },
  { name: 'Gaps', from: 'gap', colour: 'orange', text: 'detail', tag: 'cause' },
];

const MOST_MARKS = 200;

/**
 * What is marked on every panel over time. The columns of text and tags are named where the editor of
 * Grafana's InfluxDB source puts them.
 */
export const annotations = (): cog.Builder<dashboard.AnnotationQuery>[] =>
  MARKED.map(({ name, from, colour, text, tag }) =>
    new dashboard.AnnotationQueryBuilder()
      .name(name)
      .datasource({ ...DATASOURCE })
      .enable(true)
      .hide(false)
      .iconColor(colour)
      .target(
        influxTarget(
          'Anno',
          {
            query: `SELECT "${text}", "${tag}" FROM "${from}" WHERE "lane" =~ /^$lane$/ AND $timeFilter ORDER BY time DESC LIMIT ${MOST_MARKS}`,
            format: 'table',
          },
          { fromAnnotations: true, textEditor: true, textColumn: text, tagsColumn: tag },
        ),
      ),
  );
