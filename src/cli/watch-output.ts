/** The reader of a pipe has ended, or the terminal is gone. */
const GONE: ReadonlySet<string | undefined> = new Set(['EPIPE', 'EIO', 'ENXIO', 'ECONNRESET']);

/**
 * Lets a command end in order when nobody reads its output any more, as after `voltage … | head`: to a lane
 * that is a SIGHUP, and any other command goes on without its output. An output that cannot be written for
 * another reason, such as a full disk, is told on stderr, with exit code 1.
 */
export function watchOutput(): void {
  let gone = false;
  const on = (name: 'stdout' | 'stderr'): void => {
    process[name].on('error', (cause: NodeJS.ErrnoException) => {
      if (!GONE.has(cause.code)) {
        process.exitCode = 1;
        if (name === 'stdout')
          process.stderr.write(`voltage: the result could not be written: ${cause.message}\n`);
        return;
      }
      if (gone) return;
      gone = true;
      if (process.listenerCount('SIGHUP') > 0) process.emit('SIGHUP', 'SIGHUP');
    });
  };
  on('stdout');
  on('stderr');
}
