import { printable } from '../domain/printable.ts';

const LONGEST = 200;
const PLAIN = /^[\w.:-]{1,200}$/;

/**
 * The value of a tag as InfluxDB accepts it. In the line protocol a newline ends a point even within a tag, a
 * last backslash of a tag is an escape, and an empty tag is refused, so it becomes `none`:
 * https://docs.influxdata.com/influxdb/v1/write_protocols/line_protocol_reference/
 */
export const cleanTag = (value: string): string =>
  PLAIN.test(value) ? value : printable(value, LONGEST).replace(/\\+$/, '').trim() || 'none';
