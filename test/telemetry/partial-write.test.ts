import '../support/properties.ts';
import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { influxLines } from '../../src/telemetry/influx-lines.ts';
import type { FieldKind, Measurement } from '../../src/telemetry/measurement.ts';
import { measurements } from '../../src/telemetry/measurements.ts';
import { conflictsOf, partialTexts, partialWrite } from '../../src/telemetry/partial-write.ts';

const answer = (error: string): string => JSON.stringify({ error });
const lines = [
  'gap,venue=a scope="s",detail="x=1i, y" 1',
  'clock,venue=a\\ b offsetMs=1.5 2',
  'gap,venue=b scope="t" 3',
];

describe('partialWrite', () => {
  test('a conflict of types names the lines that have it, and only those', () => {
    const text = answer(
      'partial write: field type conflict: input field "scope" on measurement "gap" is type string, already exists as type integer dropped=2',
    );
    const why = 'field type conflict: it is string, and the database holds it as integer';
    expect(partialWrite(text, lines)).toEqual({
      dropped: 2,
      bad: [
        { line: 1, measurement: 'gap', field: 'scope', why },
        { line: 3, measurement: 'gap', field: 'scope', why },
      ],
    });
    expect(partialTexts({ dropped: 2, bad: partialWrite(text, lines)?.bad ?? [] }, 3)).toEqual([
      `HTTP 400: 2 of 3 points were refused, the others stored: line 1, gap, scope: ${why} (and 1 lines like it)`,
    ]);
  });

  test('lines that the database could not parse are found by their text', () => {
    const text = answer(
      `partial write: unable to parse '${lines[1]}': invalid number\nunable to parse 'd= 3': invalid field format dropped=0`,
    );
    expect(partialWrite(text, lines)).toEqual({
      dropped: 2,
      bad: [
        { line: 2, measurement: 'clock', field: undefined, why: `invalid number: ${lines[1]}` },
        { line: undefined, measurement: 'd=', field: undefined, why: 'invalid field format: d= 3' },
      ],
    });
  });

  test('points older than the retention are counted, with the reason in the words of the database', () => {
    expect(
      partialWrite(answer('partial write: points beyond retention policy dropped=2'), lines),
    ).toMatchObject({
      dropped: 2,
      bad: [{ line: undefined, why: expect.stringContaining('points beyond retention policy') }],
    });
  });

  test('the list of lines that version 3 documents is read by its numbers', () => {
    const text = JSON.stringify({
      error: 'partial write of line protocol occurred',
      data: [{ original_line: 'clock', line_number: 2, error_message: 'invalid column type' }],
    });
    expect(partialWrite(text, lines)).toEqual({
      dropped: 1,
      bad: [{ line: 2, measurement: 'clock', field: undefined, why: 'invalid column type' }],
    });
  });

  test.each(['', 'no', '{}', '{"error":"partial write"}', '{"error":"unauthorized"}', '[1]', 'null'])(
    'an answer that tells no number, such as %j, is none, so that the whole batch counts as refused',
    (text) => expect(partialWrite(text, lines)).toBeUndefined(),
  );

  test('property: whatever the answer, no more lines are dropped than there are, and nothing throws', () => {
    const words = fc.constantFrom(
      'partial write:',
      ' dropped=',
      '7',
      "unable to parse '",
      "': ",
      '\n',
      '{"error":"',
      '"}',
      lines[0] ?? '',
    );
    fc.assert(
      fc.property(fc.array(fc.oneof(words, fc.string()), { maxLength: 12 }), (parts) => {
        const found = partialWrite(parts.join(''), lines);
        if (found) expect(found.bad.length).toBeLessThanOrEqual(20);
        if (found) expect(found.dropped).toBeLessThanOrEqual(lines.length);
      }),
    );
  });
});

describe('conflictsOf', () => {
  const kinds: Readonly<Record<FieldKind, string>> = {
    integer: 'integer',
    float: 'float',
    boolean: 'boolean',
    text: 'string',
  };
  const values: Readonly<Record<FieldKind, fc.Arbitrary<number | string | boolean>>> = {
    integer: fc.integer(),
    float: fc.double({ noNaN: true, noDefaultInfinity: true }),
    boolean: fc.boolean(),
    text: fc.string({ unit: 'binary' }).map((text) => text.replaceAll(/[\r\n]/g, ' ')),
  };
  const points = fc
    .constantFrom(...Object.entries<Measurement>(measurements))
    .chain(([measurement, { tags, fields }]) =>
      fc.record({
        measurement: fc.constant(measurement),
        tags: fc.record(
          Object.fromEntries(Object.keys(tags).map((tag) => [tag, fc.stringMatching(/^[\w ,=\\-]{0,8}\w$/)])),
        ),
        fields: fc.record(
          Object.fromEntries(Object.entries(fields).map(([name, { kind }]) => [name, values[kind]])),
        ),
        at: fc.constant(1),
      }),
    );

  test('property: our own lines agree with the types of the catalogue, and with no other type', () => {
    fc.assert(
      fc.property(points, (point) => {
        const fields =
          Object.entries<Measurement>(measurements).find(([name]) => name === point.measurement)?.[1]
            .fields ?? {};
        const line = influxLines({})(point) ?? '';
        const stored = (change: (type: string) => string) =>
          new Map(
            Object.entries(fields).map(([name, { kind }]) => [
              `${point.measurement} ${name}`,
              new Set([change(kinds[kind])]),
            ]),
          );
        expect(
          conflictsOf(
            [line],
            stored((type) => type),
          ),
        ).toEqual([]);
        for (const name of Object.keys(fields)) {
          const other = new Map(stored((type) => type)).set(
            `${point.measurement} ${name}`,
            new Set(['other']),
          );
          expect(conflictsOf([line], other)).toMatchObject([
            { line: 1, measurement: point.measurement, field: name },
          ]);
        }
      }),
      { numRuns: 60 },
    );
  });
});
