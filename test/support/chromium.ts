import { existsSync } from 'node:fs';
import { describe, test } from '@jest/globals';
import { type Browser, chromium } from 'playwright-core';

/** Where Debian's package puts it; another one is named by a variable. */
const PROGRAM = process.env['CHROMIUM'] ?? '/usr/bin/chromium';

/** A suite in a real Chromium. Without one it is skipped with the reason in its title; with `CI=true` it fails instead. */
export function describeChromium(title: string, suite: () => void): void {
  if (existsSync(PROGRAM)) describe(title, suite);
  else if (process.env['CI'] === 'true')
    test(title, () => {
      throw new Error(`there is no ${PROGRAM}; install it with apt-get install chromium`);
    });
  else
    describe.skip(`${title} (skipped: no ${PROGRAM}, apt-get install chromium)`, () =>
      test('needs chromium', suite));
}

/** Starts it without a window. Its sandbox wants rights that a container does not give; it opens our own page alone. */
export const startChromium = (): Promise<Browser> =>
  chromium.launch({ executablePath: PROGRAM, args: ['--no-sandbox', '--disable-gpu'] });
