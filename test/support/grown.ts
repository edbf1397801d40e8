import { readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';

/**
 * A look that is true when a file of `folder` came, went or changed its size since the look before, so that a test which
 * waits for a recording reads it again only when there is more of it. A folder that is not there holds nothing.
 */
export function grown(folder: string): () => boolean {
  let before = '';
  const sizes = (): string => {
    try {
      return readdirSync(folder)
        .map((name) => `${name} ${statSync(join(folder, name)).size}`)
        .join();
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code === 'ENOENT') return '';
      throw error;
    }
  };
  return () => {
    const now = sizes();
    if (now === before) return false;
    before = now;
    return true;
  };
}
