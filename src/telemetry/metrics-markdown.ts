import type { Measurement } from './measurement.ts';
import { measurements } from './measurements.ts';
import { units } from './units.ts';

const HEAD = `# Measurements

This page is made from the catalogue by \`voltage metrics --markdown\`; change the meanings there
(\`src/telemetry\`). Every point has a measurement, tags, fields and a time. A tag is indexed and has few
values; a field holds what is measured. The time is that of the event, in nanoseconds: the last three digits
number the points of one series in one microsecond. Two more tags are on every point: \`lane\`, the command
that wrote it, and \`label\`, the name of its configuration. A field that is not known is left out.`;

const cell = (text: string): string => text.replaceAll('|', '\\|');

const section = ([name, { meaning, tags, fields }]: readonly [string, Measurement]): string =>
  [
    `## ${name}`,
    `${meaning}.`,
    [
      '| name | is a | unit | meaning |',
      '| --- | --- | --- | --- |',
      ...Object.entries(tags).map(
        ([tag, of]) => `| \`${tag}\` | tag | ${units[of.unit]} | ${cell(of.meaning)} |`,
      ),
      ...Object.entries(fields).map(
        ([field, of]) => `| \`${field}\` | ${of.kind} | ${units[of.unit]} | ${cell(of.meaning)} |`,
      ),
    ].join('\n'),
  ].join('\n\n');

/** The page `docs/metrics.md`: a table of tags and fields for each measurement of the catalogue. */
export const metricsMarkdown = (): string =>
  `${[HEAD, ...Object.entries<Measurement>(measurements).map(section)].join('\n\n')}\n`;
