import { existsSync } from 'node:fs';

/** Throws one sentence if there is already a file at `path`, unless `force` says that it may be replaced. */
export function refuseExisting(command: string, path: string, force = false): void {
  if (force || !existsSync(path)) return;
  throw new Error(`${command}: ${path} is there already; name another --out, or add --force to replace it`);
}
