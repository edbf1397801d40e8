import { z } from 'zod';

/** Settings of the operator's console. */
export const consoleSettings = z
  .strictObject({
    on: z
      .boolean()
      .default(true)
      .describe('Whether demo, paper and live serve the console. `--no-console` stands above it.'),
    port: z
      .int()
      .min(0)
      .max(65_535)
      .optional()
      .describe(
        'Where it listens; 0 is any free port. Without it, 7007, or any free port where 7007 is taken. ' +
          '`--console-port` stands above it.',
      ),
    host: z
      .union([z.ipv4(), z.ipv6(), z.literal('localhost')])
      .default('127.0.0.1')
      .describe(
        'The address of this machine that it listens on. Others than loopback can be reached by other machines, ' +
          'unencrypted: the token is then needed for reading too. A tunnel of SSH is the better way (docs/console.md).',
      ),
    tokenForReading: z
      .boolean()
      .default(false)
      .describe(
        'Whether the token is needed for reading on loopback too, where other users of the machine are not trusted.',
      ),
  })
  .describe("The operator's console, a page that the lane serves.");

/** Settings of the console, defaults filled in. */
export type ConsoleSettings = z.infer<typeof consoleSettings>;
