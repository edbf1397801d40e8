/** npm's names of the runs that only start this command: `npx voltage`, `npm run voltage`, `npm start`. */
const RUNS = ['npx', 'voltage', 'start'];
const WATCH_MS = 250;

/**
 * Sends this process a SIGTERM when the npm that started it has ended. npm starts a command through a shell,
 * and the shell does not forward a SIGTERM: it ends, and the command would run on and keep its ports.
 */
export function endWithNpm(): void {
  if (!RUNS.includes(process.env['npm_lifecycle_event'] ?? '')) return;
  const parent = process.ppid;
  const watch = setInterval(() => {
    if (process.ppid === parent) return;
    clearInterval(watch);
    process.kill(process.pid, 'SIGTERM');
  }, WATCH_MS);
  watch.unref();
}
