import { createHash } from 'node:crypto';
import { closeSync, existsSync, ftruncateSync, openSync, readdirSync, renameSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import type { AuditEvent } from '../../src/domain/events/audit.ts';
import { lockFolder } from '../../src/tape/lock-folder.ts';
import { writeAllSync } from '../../src/tape/write-all.ts';
import { decisionLine } from '../../src/telemetry/decision-line.ts';
import { compressFile } from './compress-file.ts';

/** Small, so that the text that waits is collected cheaply: a megabyte of it cost a tenth of a replay. */
const FLUSH_CHARACTERS = 1 << 14;
/** So many runs that died may have left their files in one folder. */
const MOST_EARLIER = 1_000;

const LOCK = 'run.lock';
const NAMES = ['decisions', 'orders', 'fills'] as const;
const SUMMARY = 'summary.json';
/** A file of decisions that was full: `decisions-0001.ndjson.gz`, without `.gz` until it is compressed. */
const ROTATED = /decisions-\d{4,}\.ndjson(\.gz)?$/;

/** A file of lines that is `PATH.part` until it is complete. */
interface LineFile {
  readonly add: (line: string) => void;
  readonly flush: () => void;
  /** Writes what waits and closes the file; returns the SHA-256 of the bytes in it. Throws if a write failed. */
  readonly close: () => string;
  /** Closes the file after a failure, with what could still be written; returns the same. Never throws. */
  readonly abandon: () => string;
}

/** What a file of lines does once it is large. */
interface Rotation {
  readonly bytes: number;
  /** Called between two lines when the file at `path` is closed; afterwards nothing is there. */
  readonly full: (path: string) => void;
}

/**
 * Hashes lines, and writes them to `path` if there is one: at once, or some at a time. The hash is of all lines, over
 * every rotation.
 */
function lineFile(path: string | undefined, atOnce: boolean, rotation?: Rotation): LineFile {
  const hash = createHash('sha256');
  let file = path === undefined ? undefined : openSync(path, 'wx');
  let waiting = '';
  let length = 0;
  let digest: string | undefined;
  let failure: { readonly cause: unknown } | undefined;
  const flush = (): void => {
    // After a failure nothing more is written: later lines would stand where lost ones belong.
    if (failure) throw failure.cause;
    if (waiting === '') return;
    const bytes = Buffer.from(waiting);
    waiting = '';
    if (file !== undefined) {
      try {
        writeAllSync(file, bytes);
      } catch (cause) {
        failure = { cause };
        // Whole lines stay, and no part of those that did not fit.
        ftruncateSync(file, length);
        throw cause;
      }
      length += bytes.length;
    }
    // After the write, so that the hash is of what is in the file.
    hash.update(bytes);
    if (rotation && path !== undefined && file !== undefined && length >= rotation.bytes) {
      closeSync(file);
      rotation.full(path);
      file = openSync(path, 'wx');
      length = 0;
    }
  };
  const end = (): string => {
    if (file !== undefined) closeSync(file);
    file = undefined;
    digest ??= hash.digest('hex');
    return digest;
  };
  return {
    add: (line) => {
      waiting += `${line}\n`;
      if (atOnce || waiting.length >= FLUSH_CHARACTERS) flush();
    },
    flush,
    close: () => {
      flush();
      return end();
    },
    abandon: () => {
      try {
        flush();
      } catch {
        // Why the run failed is known already, or this would be no more than its consequence.
      }
      return end();
    },
  };
}

/** The files of one run, and the hash by which two runs are compared. */
export interface RunLog {
  /** Orders, fills and settlements are in their files when this returns; decisions after the next `flush`. */
  readonly add: (event: AuditEvent) => void;
  readonly flush: () => void;
  /**
   * Completes the lines; returns the SHA-256 of the decisions, which is the same whether or not files are
   * written. The files get their names with the summary.
   */
  readonly close: () => string;
  /** Gives all files their names, `summary.json` the last. */
  readonly summarise: (summary: object) => void;
  /**
   * Ends a run that failed: what was decided before stays in `decisions.incomplete.ndjson` and its
   * companions, and `summary.json` says so. Never throws, so that it cannot hide why the run failed.
   */
  readonly fail: (summary: (decisionSha256: string | undefined) => object) => void;
  /** Resolves once full files of decisions are compressed. */
  readonly compressed: () => Promise<void>;
  /** Files that runs which were killed had left here, by the names they have now. */
  readonly earlier: readonly string[];
}

/** Writes a small file whole, or leaves none. */
function writeWhole(path: string, text: string): void {
  try {
    const file = openSync(path, 'w');
    try {
      writeAllSync(file, Buffer.from(text));
    } finally {
      closeSync(file);
    }
  } catch (cause) {
    rmSync(path, { force: true });
    throw cause;
  }
}

/**
 * Makes room in a folder. A folder with a summary holds a run and is refused in a sentence. Files without
 * one are of a run that was killed: they get names of their own, and nothing of them is lost.
 */
function setAside(directory: string, prefix: string): readonly string[] {
  if (existsSync(join(directory, `${prefix}${SUMMARY}`)))
    throw new Error(
      `${directory} holds an earlier run (${prefix}${SUMMARY}); nothing is overwritten: name another folder, or move that run away`,
    );
  const taken = new Set(readdirSync(directory));
  const left = [
    ...NAMES.flatMap((name) => [`${prefix}${name}.ndjson`, `${prefix}${name}.ndjson.part`]).filter((file) =>
      taken.has(file),
    ),
    ...[...taken].filter((file) => file.startsWith(`${prefix}decisions-`) && ROTATED.test(file)).sort(),
  ];
  rmSync(join(directory, `${prefix}${SUMMARY}.part`), { force: true });
  if (left.length === 0) return [];
  const renamed = (file: string, number: number): string =>
    file.replace(/\.ndjson(?:\.part)?(\.gz)?$/, `.killed-${number}.ndjson$1`);
  let number = 1;
  while (number < MOST_EARLIER && left.some((file) => taken.has(renamed(file, number)))) number++;
  return left.map((file) => {
    const name = renamed(file, number);
    if (taken.has(name)) throw new Error(`${directory} holds ${name} already: move it away`);
    taken.add(name);
    renameSync(join(directory, file), join(directory, name));
    return name;
  });
}

/**
 * Opens `decisions.ndjson`, `orders.ndjson` and `fills.ndjson` in `directory` (made if absent), named with
 * `.part` until the run is complete; without a directory it only hashes. `prefix` is put before the files'
 * names, to mark what is not real. With `rotateBytes`, decisions beyond that size go on in a new file, and the full one
 * becomes `decisions-0001.ndjson.gz` and so on: the lines of all of them in order, `decisions.ndjson` last, are what the
 * hash is of. Throws one sentence if the folder holds a run or is being written.
 */
export function runLog(directory: string | undefined, prefix = '', rotateBytes?: number): RunLog {
  const unlock = directory === undefined ? () => {} : lockFolder(directory, LOCK);
  const pathOf = (name: string): string | undefined =>
    directory === undefined ? undefined : join(directory, `${prefix}${name}`);
  const partOf = (name: string): string | undefined => pathOf(`${name}.ndjson.part`);
  try {
    const earlier = directory === undefined ? [] : setAside(directory, prefix);
    let rotated = 0;
    let compressing: Promise<unknown> = Promise.resolve();
    const rotation: Rotation | undefined =
      rotateBytes === undefined
        ? undefined
        : {
            bytes: rotateBytes,
            full: (path) => {
              const name = pathOf(`decisions-${String(++rotated).padStart(4, '0')}.ndjson`) as string;
              renameSync(path, name);
              // One after the other. A file that cannot be compressed stays as it is.
              compressing = compressing.then(() => compressFile(name));
            },
          };
    const files = {
      decisions: lineFile(partOf('decisions'), false, rotation),
      orders: lineFile(partOf('orders'), true),
      fills: lineFile(partOf('fills'), true),
    };
    const { decisions, orders, fills } = files;
    const nameAll = (ending: string): void => {
      for (const name of NAMES) {
        const part = partOf(name);
        const path = pathOf(`${name}${ending}.ndjson`);
        if (part !== undefined && path !== undefined && existsSync(part)) renameSync(part, path);
      }
    };
    const summarise = (summary: object, ending: string): void => {
      const path = pathOf(SUMMARY);
      if (path === undefined) return;
      // Written before anything has its name, since that is what may fail; named after them.
      writeWhole(`${path}.part`, `${JSON.stringify(summary, undefined, 2)}\n`);
      nameAll(ending);
      renameSync(`${path}.part`, path);
    };
    return {
      earlier,
      add: (event) => {
        switch (event.kind) {
          case 'decision':
            decisions.add(decisionLine(event));
            return;
          case 'orderSent':
            // Who reads the order finds the decision it came of.
            decisions.flush();
            orders.add(JSON.stringify({ kind: event.kind, ...event.order }));
            return;
          case 'orderSubmitted':
          case 'orderUnknown':
          case 'orderResting':
          case 'orderDone':
          case 'orderRejected':
            orders.add(JSON.stringify(event));
            return;
          case 'fill':
          case 'settlement':
          case 'difference':
            fills.add(JSON.stringify(event));
            return;
          default:
            return;
        }
      },
      flush: decisions.flush,
      compressed: async () => {
        await compressing;
      },
      close: () => {
        orders.close();
        fills.close();
        return decisions.close();
      },
      summarise: (summary) => {
        summarise(summary, '');
        unlock();
      },
      fail: (summary) => {
        // Each of them may be what failed; the others are worth having.
        const attempt = <T>(act: () => T): T | undefined => {
          try {
            return act();
          } catch {
            return undefined;
          }
        };
        for (const name of ['orders', 'fills'] as const) attempt(files[name].abandon);
        const digest = attempt(decisions.abandon);
        attempt(() => summarise(summary(digest), '.incomplete'));
        attempt(() => nameAll('.incomplete'));
        attempt(unlock);
      },
    };
  } catch (cause) {
    unlock();
    throw cause;
  }
}
