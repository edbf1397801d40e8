import { closeSync, existsSync, openSync, renameSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import type { AuditEvent } from '../../src/domain/events/audit.ts';
import { lockFolder } from '../../src/tape/lock-folder.ts';
import { writeAllSync } from '../../src/tape/write-all.ts';
import { decisionLine } from '../../src/telemetry/decision-line.ts';
import { compressFile } from './compress-file.ts';
import { lineFile, type Rotation } from './line-file.ts';
import { PROVENANCE_FILE, type Provenance } from './provenance.ts';
import { RUN_FILES, SUMMARY_FILE, setAside } from './set-aside.ts';

const LOCK = 'run.lock';

/** The files of one run, and the hash by which two runs are compared. */
export interface RunLog {
  /**
   * Fills and settlements are in their files when this returns, decisions after the next `flush`. Orders are too,
   * unless they were to wait for it.
   */
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

/** When a run's files are written. */
export interface RunLogTimes {
  /** Size from which decisions go on in a new file; without it, never. */
  readonly rotateBytes?: number | undefined;
  /** Orders wait for the next `flush`, so that an order's request leaves before its line is on the disk. */
  readonly ordersWait?: boolean | undefined;
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
 * Opens `decisions.ndjson`, `orders.ndjson` and `fills.ndjson` in `directory` (made if absent), named with
 * `.part` until the run is complete; without a directory it only hashes. `prefix` is put before the files'
 * names, to mark what is not real. With `rotateBytes`, decisions beyond that size go on in a new file, and
 * the full one becomes `decisions-0001.ndjson.gz` and so on: the lines of all of them in order,
 * `decisions.ndjson` last, are what the hash is of. `provenance` is written first of all. Throws one sentence
 * if the folder holds a run or is being written.
 */
export function runLog(
  directory: string | undefined,
  prefix = '',
  { rotateBytes, ordersWait = false }: RunLogTimes = {},
  provenance?: Provenance,
): RunLog {
  const unlock = directory === undefined ? () => {} : lockFolder(directory, LOCK);
  const pathOf = (name: string): string | undefined =>
    directory === undefined ? undefined : join(directory, `${prefix}${name}`);
  const partOf = (name: string): string | undefined => pathOf(`${name}.ndjson.part`);
  try {
    const earlier = directory === undefined ? [] : setAside(directory, prefix);
    const madeOf = pathOf(PROVENANCE_FILE);
    if (madeOf !== undefined && provenance !== undefined)
      writeWhole(madeOf, `${JSON.stringify(provenance, undefined, 2)}\n`);
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
      orders: lineFile(partOf('orders'), !ordersWait),
      fills: lineFile(partOf('fills'), true),
    };
    const { decisions, orders, fills } = files;
    const nameAll = (ending: string): void => {
      for (const name of RUN_FILES) {
        const part = partOf(name);
        const path = pathOf(`${name}${ending}.ndjson`);
        if (part !== undefined && path !== undefined && existsSync(part)) renameSync(part, path);
      }
    };
    const summarise = (summary: object, ending: string): void => {
      const path = pathOf(SUMMARY_FILE);
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
            if (!ordersWait) decisions.flush();
            orders.add(JSON.stringify({ kind: event.kind, ...event.order }));
            return;
          case 'cancelAsked':
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
          case 'divergence':
            fills.add(JSON.stringify(event));
            return;
          default:
            return;
        }
      },
      flush: () => {
        decisions.flush();
        orders.flush();
      },
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
