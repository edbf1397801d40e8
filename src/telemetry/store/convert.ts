import { isMainThread, parentPort, Worker, workerData } from 'node:worker_threads';
import { type Converted, toParquet } from './to-parquet.ts';

interface Task {
  readonly task: 'voltage-store-to-parquet';
  readonly folder: string;
  readonly stem: string;
}

const isTask = (data: unknown): data is Task =>
  typeof data === 'object' && data !== null && (data as Task).task === 'voltage-store-to-parquet';

/** Makes Parquet of a full file of lines; see `toParquet`. */
export type Convert = (folder: string, stem: string) => Promise<Converted>;

/** `toParquet` in a thread of its own, which ends with it: compressing a file takes a second of a processor. */
export const convertInThread: Convert = (folder, stem) =>
  new Promise((resolve, reject) => {
    const task: Task = { task: 'voltage-store-to-parquet', folder, stem };
    const worker = new Worker(new URL(import.meta.url), { workerData: task, execArgv: [] });
    worker.once('message', resolve);
    worker.once('error', reject);
    worker.once('exit', (code) => reject(new Error(`the thread that writes Parquet ended with ${code}`)));
  });

// This very file is what the thread runs.
if (!isMainThread && isTask(workerData)) {
  const { folder, stem } = workerData;
  parentPort?.postMessage(await toParquet(folder, stem));
}
