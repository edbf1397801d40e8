import { monitorEventLoopDelay } from 'node:perf_hooks';

const RESOLUTION_MS = 1;
const round = (value, digits = 2) => Math.round(value * 10 ** digits) / 10 ** digits;

/**
 * What this process costs from now on: CPU of all its threads, and how late its event loop was. A timer fires
 * every millisecond; what is beyond the millisecond is delay, to the grain of libuv's timers, which is a
 * millisecond too. `aside` does what is no part of it, such as a forced collection, unmeasured by the delay.
 */
export function processWatch() {
  const delay = monitorEventLoopDelay({ resolution: RESOLUTION_MS });
  delay.enable();
  const cpu = process.cpuUsage();
  const utilisation = performance.eventLoopUtilization();
  const from = performance.now();
  const aside = (work) => {
    delay.disable();
    work();
    delay.enable();
  };
  const read = () => {
    delay.disable();
    const seconds = (performance.now() - from) / 1000;
    const { user, system } = process.cpuUsage(cpu);
    const beyond = (nanos) => round(Math.max(0, nanos / 1e6 - RESOLUTION_MS));
    return {
      wallSeconds: round(seconds),
      cpuSeconds: round((user + system) / 1e6),
      /** Of one core; zlib's threads count. */
      cpuShare: round((user + system) / 1e6 / seconds, 3),
      eventLoopBusy: round(performance.eventLoopUtilization(utilisation).utilization, 3),
      eventLoopDelayMs: {
        p50: beyond(delay.percentile(50)),
        p99: beyond(delay.percentile(99)),
        p999: beyond(delay.percentile(99.9)),
        max: beyond(delay.max),
      },
    };
  };
  return { aside, read };
}
