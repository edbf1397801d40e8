import { barFeatures } from '../../features/sets/bar-features.ts';
import { featureListHash } from '../../features/sets/feature-list-hash.ts';
import { type Backbone, backboneSchema } from './backbone.ts';
import { placesOf } from './read-features.ts';

/** What is wrong with a backbone's own list of features, as sentences that begin with the key. */
function listFaults({ features, featureListSha256, horizons }: Backbone): readonly string[] {
  const hash = featureListHash(features.map((name) => ({ name })));
  const places = placesOf(features);
  const lacking = features.filter((_, i) => places[i] === -1);
  return [
    ...(hash === featureListSha256
      ? []
      : [
          `featureListSha256: must be that of features (${hash}), was ${featureListSha256}; fit the model again`,
        ]),
    ...(new Set(features).size === features.length ? [] : ['features: must be named once each']),
    ...(lacking.length > 0
      ? [`features: this build does not have ${lacking.join(', ')}; fit the model again`]
      : []),
    ...horizons.flatMap(({ coefficients }, h) =>
      coefficients.length === features.length
        ? []
        : [
            `horizons.${h}.coefficients: must be ${features.length}, one for each feature, was ${coefficients.length}`,
          ],
    ),
  ];
}

/** The coefficients by this build's list: 0 for features that the model does not read. */
const placed = (backbone: Backbone): Backbone => {
  const places = placesOf(backbone.features);
  return {
    ...backbone,
    horizons: backbone.horizons.map((horizon) => {
      const coefficients = new Array<number>(barFeatures.length).fill(0);
      places.forEach((place, i) => {
        coefficients[place] = horizon.coefficients[i] as number;
      });
      return { ...horizon, coefficients };
    }),
  };
};

/**
 * Reads the parsed JSON of a backbone. Its features are its own: it reads those of this build's list by their
 * names, and the list may have more. Throws one sentence for each fault, with the file and the key. A model
 * that does not fit this build is refused at the start.
 */
export function parseBackbone(json: unknown, source = 'models/backbone.json'): Backbone {
  const { data, error } = backboneSchema.safeParse(json);
  const own = data ? listFaults(data) : [];
  if (data && own.length === 0) return placed(data);
  const faults = (error?.issues ?? []).map(
    ({ path, message }) => `${path.join('.') || 'the whole'}: ${message}`,
  );
  throw new Error(`backbone: ${source} is not usable: ${[...faults, ...own].join('; ')}`);
}
