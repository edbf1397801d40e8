import { createHash } from 'node:crypto';
import { closeSync, mkdirSync, openSync, renameSync, rmSync, writeFileSync, writeSync } from 'node:fs';
import { join } from 'node:path';
import type { AuditEvent } from '../../src/domain/events/audit.ts';
import { decisionLine } from '../../src/telemetry/decision-line.ts';

/** Small, so that the text that waits is collected cheaply: a megabyte of it cost a tenth of a replay. */
const FLUSH_CHARACTERS = 1 << 14;

/** A file of lines that appears under its name only when it is complete. */
interface LineFile {
  readonly add: (line: string) => void;
  readonly close: () => string;
  readonly discard: () => void;
}

/** Hashes lines, and writes them if there is a `path`. */
function lineFile(path: string | undefined): LineFile {
  const hash = createHash('sha256');
  const part = path && `${path}.part`;
  let file = part === undefined ? undefined : openSync(part, 'w');
  let waiting = '';
  const flush = (): void => {
    const bytes = Buffer.from(waiting);
    waiting = '';
    hash.update(bytes);
    if (file !== undefined) writeSync(file, bytes);
  };
  return {
    add: (line) => {
      waiting += `${line}\n`;
      if (waiting.length >= FLUSH_CHARACTERS) flush();
    },
    close: () => {
      flush();
      if (file !== undefined && path && part) {
        closeSync(file);
        file = undefined;
        renameSync(part, path);
      }
      return hash.digest('hex');
    },
    discard: () => {
      if (file !== undefined && part) {
        closeSync(file);
        file = undefined;
        rmSync(part, { force: true });
      }
    },
  };
}

/** The files of one run, and the hash by which two runs are compared. */
export interface RunLog {
  readonly add: (event: AuditEvent) => void;
  /**
   * Completes the files; returns the SHA-256 of `decisions.ndjson`, which is the same whether or not files
   * are written.
   */
  readonly close: () => string;
  /** Writes `summary.json` beside them. */
  readonly summarise: (summary: object) => void;
  /** Removes files that are not complete; completed files stay. */
  readonly discard: () => void;
}

/**
 * Opens `decisions.ndjson`, `orders.ndjson` and `fills.ndjson` in `directory` (made if absent); without a
 * directory it only hashes. `prefix` is put before the files' names, to mark what is not real.
 */
export function runLog(directory: string | undefined, prefix = ''): RunLog {
  if (directory !== undefined) mkdirSync(directory, { recursive: true });
  const inDirectory = (name: string): string | undefined => directory && join(directory, `${prefix}${name}`);
  const decisions = lineFile(inDirectory('decisions.ndjson'));
  const orders = lineFile(inDirectory('orders.ndjson'));
  const fills = lineFile(inDirectory('fills.ndjson'));
  return {
    add: (event) => {
      switch (event.kind) {
        case 'decision':
          decisions.add(decisionLine(event));
          return;
        case 'orderSent':
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
          fills.add(JSON.stringify(event));
          return;
        default:
          return;
      }
    },
    close: () => {
      orders.close();
      fills.close();
      return decisions.close();
    },
    summarise: (summary) => {
      const path = inDirectory('summary.json');
      if (path === undefined) return;
      writeFileSync(`${path}.part`, `${JSON.stringify(summary, undefined, 2)}\n`);
      renameSync(`${path}.part`, path);
    },
    discard: () => {
      for (const file of [decisions, orders, fills]) file.discard();
    },
  };
}
