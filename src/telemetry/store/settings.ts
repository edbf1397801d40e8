import { z } from 'zod';

const MEBIBYTE = 2 ** 20;

/** Settings of the embedded store of points. */
export const storeSettings = z
  .strictObject({
    when: z
      .enum(['usual', 'always', 'never'])
      .default('usual')
      .describe(
        '`usual`: paper and live write the store where no InfluxDB is named. `always`: a demo and a lane with an InfluxDB do too.',
      ),
    folder: z
      .string()
      .min(1)
      .optional()
      .describe(
        "Folder of the store; each lane has its own in it. Without one it is `store` in the user's state folder.",
      ),
    flushMillis: z
      .int()
      .min(10)
      .max(60_000)
      .default(1000)
      .describe('Points are in the file after this long; a killed process loses no more than this.'),
    queuePoints: z
      .int()
      .min(1)
      .default(50_000)
      .describe('Most points that may wait for the disk. Beyond it the oldest are dropped and counted.'),
    rotateBytes: z
      .int()
      .min(1024)
      .default(16 * MEBIBYTE)
      .describe('A file of lines becomes Parquet when it has this many bytes.'),
    rotateMinutes: z
      .number()
      .positive()
      .default(60)
      .describe('A file of lines becomes Parquet when it is this old.'),
    keepBytes: z
      .int()
      .min(1024)
      .default(2048 * MEBIBYTE)
      .describe("Most bytes of a lane's store. Beyond it the oldest are deleted, never what is being written."),
    keepDays: z.number().positive().default(30).describe('Older points are deleted.'),
  })
  .describe("The embedded store: points in rotating files, where no InfluxDB takes them.");

/** Settings of the embedded store. */
export type StoreSettings = z.infer<typeof storeSettings>;
