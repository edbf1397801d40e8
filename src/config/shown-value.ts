/** Rooms of the settings that hold credentials. Of their texts only plain addresses are told. */
const CREDENTIAL_ROOMS: ReadonlySet<PropertyKey> = new Set(['kalshi', 'telemetry']);
/** An address without a user, a password and a query. */
const ADDRESS = /^[a-z]{2,6}:\/\/[a-z\d.-]+(:\d{1,5})?(\/[\w.-]{1,30})*\/?$/i;
/** A word or a few: a name, a date, a choice, a file. */
const WORDS = /^[\w .,/+-]*$/;
const MOST = 60;
/** A row of so many letters and digits is no word, and may be a key; so may one with the marks of base64. */
const KEY_LIKE = /[A-Za-z0-9]{24,}|[0-9a-f]{8}-[0-9a-f]{4}-|(?=[a-z+/-]*[A-Z0-9])[A-Za-z0-9+/]{20,}/;
const NOT_TOLD = 'was a text that is not shown here, as it may hold a secret';

const shownText = (path: readonly PropertyKey[], text: string): string => {
  const [room] = path;
  const isAddress = ADDRESS.test(text);
  const credential = room === undefined || CREDENTIAL_ROOMS.has(room) || String(path.at(-1)).endsWith('Url');
  if (text === '') return 'was ""';
  if (KEY_LIKE.test(text) || !(isAddress || (!credential && WORDS.test(text)))) return NOT_TOLD;
  return `was ${JSON.stringify(text.length > MOST ? `${text.slice(0, MOST - 1)}…` : text)}`;
};

/**
 * What a message may say of a value at `path`: `was 0.5`. Numbers, truths and plain words are told; an object
 * and a list by their kind alone, because their members may be secrets; a text that may be a secret or an
 * address with a password is not told.
 */
export function shownValue(path: readonly PropertyKey[], value: unknown): string {
  if (value === undefined) return 'was not given';
  if (Array.isArray(value)) return 'was a list';
  if (typeof value === 'object' && value !== null) return 'was an object';
  return typeof value === 'string' ? shownText(path, value) : `was ${String(value)}`;
}
