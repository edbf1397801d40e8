// Writes numbered points to the InfluxDB of argv[2] without end, with a spill in argv[3], and says what became
// of them.
import { openInflux } from '../../dist/src/telemetry/open-influx.js';
import { telemetrySettings } from '../../dist/src/telemetry/settings.js';

const [, , url, spillFolder, at] = process.argv;
const settings = telemetrySettings.parse({
  batchMillis: 5,
  batchPoints: 200,
  inFlight: 1,
  retryFirstMillis: 10,
  retryMaxMillis: 50,
});
const sink = openInflux(url, settings, { lane: 'demo' }, () => {}, { spillFolder });
let number = 0;
setInterval(() => {
  const points = Array.from({ length: 100 }, () => ({
    measurement: 'gap',
    at: Number(at) + number,
    tags: { venue: 'kalshi', cause: 'sequence' },
    fields: { scope: `s${number++}`, detail: 'd' },
  }));
  sink.write(points);
  process.stdout.write(`${JSON.stringify(sink.stats())}\n`);
}, 5);
