import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { DuckDBConnection } from '@duckdb/node-api';

/** A DuckDB in memory, which puts what it cannot hold into a folder of its own. */
export interface Duck {
  readonly connection: DuckDBConnection;
  readonly close: () => void;
}

/** Opens a DuckDB for the files of a lake. Throws one sentence where the library cannot be loaded. */
export async function openDuck(): Promise<Duck> {
  const { DuckDBInstance } = await import('@duckdb/node-api').catch((cause: unknown) => {
    throw new Error(
      `lake: a lake needs @duckdb/node-api, which cannot be loaded on this machine (${(cause as Error).message.split('\n')[0]}); install it with npm install @duckdb/node-api`,
    );
  });
  const folder = mkdtempSync(join(tmpdir(), 'voltage-lake-'));
  const instance = await DuckDBInstance.create(':memory:', {
    threads: '2',
    memory_limit: '1GB',
    temp_directory: folder,
    autoinstall_known_extensions: 'false',
    autoload_known_extensions: 'false',
  });
  const connection = await instance.connect();
  return {
    connection,
    close: () => {
      connection.closeSync();
      instance.closeSync();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}
