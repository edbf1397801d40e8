import { describe, expect, test } from '@jest/globals';
import { influxPlace, influxTarget } from '../../src/telemetry/influx-url.ts';

describe('influxTarget', () => {
  test('every part is read, escapes undone', () => {
    expect(influxTarget('https://de%40sk:p%2Fw@db.example.com:9999/btc-vol')).toEqual({
      protocol: 'https',
      host: 'db.example.com',
      port: 9999,
      database: 'btc-vol',
      username: 'de@sk',
      password: 'p/w',
    });
  });

  test('port 8086 and database voltage are meant when left out', () => {
    expect(influxTarget('http://localhost')).toEqual({
      protocol: 'http',
      host: 'localhost',
      port: 8086,
      database: 'voltage',
      username: undefined,
      password: undefined,
    });
  });

  test("a port that is the protocol's own is still a port", () => {
    expect(influxTarget('http://u:80@localhost:80/x').port).toBe(80);
    expect(influxTarget('https://localhost:443').port).toBe(443);
    expect(influxTarget('http://u:80@localhost/x').port).toBe(8086);
  });

  test.each([
    ['localhost:8086', /begin with http/],
    ['not a url', /is no URL/],
    ['http://h/a b"; DROP', /names a database with other characters/],
    ['http://h/a/b', /names a database with other characters/],
    ['http://%zz:secret@h', /begins no escape/],
  ])('%s is refused, without repeating it', (url, message) => {
    expect(() => influxTarget(url)).toThrow(message);
    expect(() => influxTarget(url)).not.toThrow(/secret/);
  });

  test('what is shown holds no credentials', () => {
    expect(influxPlace(influxTarget('http://user:secret@h:1/d'))).toBe('http://h:1/d');
  });
});
