import { type Backbone, backboneSchema } from './backbone.ts';

/**
 * Reads the parsed JSON of a backbone. Throws one sentence for each fault, with the file and the key. A model
 * that does not fit this build is refused at the start.
 */
export function parseBackbone(json: unknown, source = 'models/backbone.json'): Backbone {
  const { data, error } = backboneSchema.safeParse(json);
  if (data) return data;
  const faults = error.issues.map(({ path, message }) => `${path.join('.') || 'the whole'}: ${message}`);
  throw new Error(`backbone: ${source} is not usable: ${faults.join('; ')}`);
}
