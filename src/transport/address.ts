import { z } from 'zod';

/**
 * A setting that is an address of this protocol, such as `wss?`. A user, a password and a part after `#` are
 * refused: no venue takes them, and messages repeat addresses.
 */
export const address = (protocol: RegExp) =>
  z.url({ protocol }).refine(
    (text) => {
      if (!URL.canParse(text)) return true;
      const { username, password, hash } = new URL(text);
      return username === '' && password === '' && hash === '';
    },
    { error: 'must hold no user and no password' },
  );
