/** One series of an answer of InfluxDB. */
export interface Rows {
  readonly name: string;
  readonly tags?: Readonly<Record<string, string>>;
  readonly columns: readonly string[];
  readonly values: readonly (readonly (string | number | boolean | null)[])[];
}

interface Answer {
  readonly error?: string;
  readonly results?: readonly { readonly error?: string; readonly series?: readonly Rows[] }[];
}

/** Asks the database `voltage` at `url` as Grafana does; throws with InfluxDB's own words where it refuses. */
export async function rowsOf(url: string, query: string): Promise<readonly Rows[]> {
  const response = await fetch(`${url}/query?db=voltage&epoch=ms&q=${encodeURIComponent(query)}`);
  const { error, results = [] } = (await response.json()) as Answer;
  const why = error ?? results.find((result) => result.error !== undefined)?.error;
  if (why !== undefined) throw new Error(`${why}, for ${query}`);
  return results.flatMap(({ series = [] }) => series);
}
