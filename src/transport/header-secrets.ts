/** Headers whose values are no secret. What is not named here is one. */
const PLAIN: ReadonlySet<string> = new Set(['accept', 'content-type', 'user-agent']);
/** A number, such as the time of a signature. It stands in good answers by chance, so it is hidden in bad ones. */
const NUMBER = /^\d+$/;

/** The values of a request's headers that must not be repeated: in any answer, and in a refusal as well. */
export function headerSecrets(headers: Readonly<Record<string, string>>): {
  readonly always: readonly string[];
  readonly inRefusals: readonly string[];
} {
  const values = Object.entries(headers)
    .filter(([name]) => !PLAIN.has(name.toLowerCase()))
    .map(([, value]) => value);
  return { always: values.filter((value) => !NUMBER.test(value)), inRefusals: values };
}
