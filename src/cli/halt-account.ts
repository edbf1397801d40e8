import { lastValueFrom } from 'rxjs';
import { liveEdge } from '../../pipelines/edges/edge.ts';
import type { Settings } from '../config/settings.ts';
import { writeHalted } from '../execution/journal/halted-file.ts';
import { cancelEverything } from '../execution/kalshi/cancel-everything.ts';
import { urgentCalls } from '../execution/kalshi/urgent-calls.ts';
import { loadKey } from '../venues/kalshi/key.ts';
import { kalshiSigner } from '../venues/kalshi/sign.ts';
import { askSocket } from './ask-socket.ts';
import { type LiveState, readToken } from './live-state.ts';
import { UsageError } from './usage.ts';

/** What halting came to: `Cancelled` of the process that carried it out, and which one that was. */
export interface HaltedAccount {
  readonly through: 'the lane' | 'the supervisor' | 'this command';
  readonly result: Readonly<Record<string, unknown>>;
  /** Why an earlier way could not be taken, as sentences. */
  readonly notes: readonly string[];
}

/**
 * Halts an account: through its lane; if that does not answer, through its supervisor; and if that does not
 * either, from here with the key. In the latter two cases `halted.json` is written first, so that a lane
 * which is only blocked finds it before it places another order. Throws UsageError if nothing can cancel.
 */
export async function haltAccount(
  files: LiveState,
  settings: Settings,
  reason: string,
): Promise<HaltedAccount> {
  const token = readToken(files.token);
  const notes: string[] = [];
  const through = async (who: HaltedAccount['through'], socketPath: string) => {
    if (token === undefined) return undefined;
    const asked = await askSocket({ socketPath, token, name: 'halt', reason });
    if (asked.kind === 'answered' && asked.status === 200) return { through: who, result: asked.body, notes };
    notes.push(
      asked.kind === 'answered'
        ? `${who} refused: ${String(asked.body['error'] ?? asked.status)}`
        : `${who} does not answer: ${asked.why}`,
    );
    return undefined;
  };
  const lane = await through('the lane', files.socket);
  if (lane) return lane;
  const edge = liveEdge();
  try {
    writeHalted(files.halted, { at: Math.floor(edge.clock.at), by: 'the operator', reason });
  } catch (cause) {
    // A full disk must not keep the orders; but a lane that is only blocked would not know of the halt.
    notes.push(
      `${files.halted} could not be written (${cause instanceof Error ? cause.message : String(cause)}): end the lane's process too, since it may place orders when it goes on`,
    );
  }
  const supervisor = await through('the supervisor', files.supervisorSocket);
  if (supervisor) return supervisor;
  const key = loadKey(settings.kalshi);
  if (key === undefined || key.kind === 'keyProblem')
    throw new UsageError(
      [...notes, `the orders could not be cancelled from here: ${key?.why ?? 'there is no key'}`].join('; '),
    );
  const call = urgentCalls(edge.http, kalshiSigner(key, edge.wallMillis), settings.kalshi);
  const result = await lastValueFrom(cancelEverything(call, edge.clock));
  return { through: 'this command', result: { ...result }, notes };
}
