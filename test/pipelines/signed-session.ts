import { generateKeyPairSync, type KeyObject, type KeyPairKeyObjectResult } from 'node:crypto';
import { mkdtempSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { inspect } from 'node:util';
import pino from 'pino';
import type { Edge } from '../../pipelines/edges/open-feeds.ts';
import { runLog } from '../../pipelines/run/run-log.ts';
import { summariser } from '../../pipelines/run/summary.ts';
import type { Fault } from '../../src/emulator/transport/fault.ts';
import { tapeLine } from '../../src/tape/line.ts';
import { pointsOf } from '../../src/telemetry/points.ts';
import { BTC } from '../support/btc.ts';
import { eventTimeSession } from '../support/emulated.ts';
import { HEADER, keySecrets, type Secret, signatureSecrets } from './secrets.ts';

export const ED25519 = generateKeyPairSync('ed25519');
export const RSA = generateKeyPairSync('rsa', { modulusLength: 2048 });

const SIGNATURE = 'KALSHI-ACCESS-SIGNATURE';

/** Which signed session is run. */
export interface SignedSession {
  readonly faults?: readonly Fault[];
  readonly members?: KeyPairKeyObjectResult;
  /** What is signed with; the members' own by default. */
  readonly privateKey?: KeyObject;
  readonly seconds: number;
  /** Stands between the sessions and the venues, for leaks made by hand. */
  readonly leaky?: (edge: Edge) => Edge;
}

/** All that a session wrote or said, and what it must not have. */
export interface Told {
  readonly texts: Readonly<
    Record<'frames' | 'tape' | 'audit' | 'points' | 'files' | 'summary' | 'log', readonly string[]>
  >;
  readonly secrets: readonly Secret[];
  readonly signed: { readonly requests: number; readonly upgrades: number };
}

/**
 * Runs a whole signed paper session in event time and collects what it writes and says: frames, the tape's lines, audit events, metric points, the files of the
 * run, its summary, and a log of everything that went wrong and of the objects at hand, as a debugging eye would print them. Signatures are taken where they leave.
 */
export function signedSession(folder: string, options: SignedSession): Told {
  const { faults = [], members = ED25519, privateKey = members.privateKey, seconds } = options;
  const { leaky = (edge) => edge } = options;
  const signatures: string[] = [];
  const signed = { requests: 0, upgrades: 0 };
  const log: string[] = [];
  const logger = pino({ level: 'trace', base: null }, { write: (line: string) => log.push(line) });
  const files = mkdtempSync(join(folder, 'run-'));
  const run = runLog(files);
  const totals = summariser([BTC]);
  const texts = { audit: [] as string[], points: [] as string[] };

  const session = eventTimeSession(
    {
      seed: 'redaction',
      faults,
      members,
      privateKey,
      tapped: (edge) => {
        logger.debug({ edge, privateKey }, inspect({ edge, privateKey }, { depth: 6, showHidden: true }));
        return leaky({
          ...edge,
          dial: (request) => {
            const signature = request.headers[SIGNATURE];
            if (signature !== undefined) signatures.push(signature);
            if (signature !== undefined) signed.upgrades++;
            return edge.dial(request);
          },
          http: (request) => {
            const signature = request.headers[SIGNATURE];
            if (signature !== undefined) signatures.push(signature);
            if (signature !== undefined) signed.requests++;
            return edge.http(request);
          },
        });
      },
    },
    (event) => {
      run.add(event);
      totals.add(event);
      texts.audit.push(JSON.stringify(event));
      const points = pointsOf(event);
      if (points.length > 0) texts.points.push(JSON.stringify(points));
      if (event.kind === 'connection' || event.kind === 'rejected' || event.kind === 'gap')
        logger.warn(event, 'detail' in event ? event.detail : event.why);
    },
  );
  try {
    session.run(seconds);
  } catch (cause) {
    logger.error(cause, inspect(cause, { depth: 6 }));
  }
  session.close();
  run.close();
  run.summarise(totals.read());
  return {
    texts: {
      ...texts,
      log,
      frames: session.frames.map((frame) => JSON.stringify(frame)),
      tape: session.frames.map(tapeLine),
      files: readdirSync(files).map((name) => readFileSync(join(files, name), 'utf8')),
      summary: [JSON.stringify(totals.read())],
    },
    secrets: [
      HEADER,
      ...keySecrets(privateKey),
      ...(privateKey === members.privateKey ? [] : keySecrets(members.privateKey)),
      ...[...new Set(signatures)].flatMap(signatureSecrets),
    ],
    signed,
  };
}
