/** An attestation of the member's location holds for so long; the exchange's own span is not known. */
const HOLDS_SECONDS = 90 * 86_400;

/**
 * The body of `GET /api_keys`: the member's keys, and when the attestation of his location expires, in Unix
 * seconds by the wall clock. It always has long to go, unless it `lapsed`: then it is past.
 */
export const apiKeysBody = (
  keyIds: readonly string[],
  wallMillis: number,
  lapsed: boolean,
): Readonly<Record<string, unknown>> => {
  const now = Math.floor(wallMillis / 1_000);
  return {
    api_keys: keyIds.map((id) => ({ api_key_id: id, name: '(emulated)', scopes: ['read', 'write'] })),
    api_key_region_expiration_ts: lapsed ? now - 1 : now + HOLDS_SECONDS,
  };
};
