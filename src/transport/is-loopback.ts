const NAMES: ReadonlySet<string> = new Set(['localhost', '[::1]']);

/** Whether a host of an address is this machine's own: 127.0.0.0/8, `[::1]` or `localhost`. */
export const isLoopback = (hostname: string): boolean =>
  NAMES.has(hostname) || /^127(\.\d{1,3}){3}$/.test(hostname);
