import { spawnSync } from 'node:child_process';

/** Why it cannot run here; undefined if it can. */
export const influxAbsent = () =>
  spawnSync('influxd', ['version']).error ? 'influxd is not on PATH: apt-get install influxdb' : undefined;
