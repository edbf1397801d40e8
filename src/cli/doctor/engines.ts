import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { z } from 'zod';

/** package.json as seen from the sources, and from the build. */
const MANIFESTS = ['../../../package.json', '../../../../package.json'];

const manifest = z.object({ name: z.literal('voltage-kalshi'), engines: z.object({ node: z.string() }) });

/** The Node versions that package.json asks for; throws if there is no package.json of ours. */
export function engines(): string {
  for (const at of MANIFESTS) {
    try {
      const text = readFileSync(fileURLToPath(new URL(at, import.meta.url)), 'utf8');
      const { data } = manifest.safeParse(JSON.parse(text));
      if (data) return data.engines.node;
    } catch {
      // Try the next place.
    }
  }
  throw new Error('there is no package.json of voltage-kalshi beside the command');
}
