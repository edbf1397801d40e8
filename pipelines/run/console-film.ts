import { closeSync, mkdtempSync, openSync, readSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gunzipSync, gzipSync } from 'node:zlib';
import type { ConsoleModel } from '../../src/console/console-model.ts';
import type { ConsolePatch, ConsoleState, DecisionView } from '../../src/console/state.ts';
import type { Audited } from '../../src/domain/events/audit.ts';
import { type Micros, SECOND } from '../../src/domain/time.ts';
import { writeAllSync } from '../../src/tape/write-all.ts';

/** A stretch of a film: the state before it, and its patches. */
export interface Scene {
  readonly state: ConsoleState;
  readonly patches: readonly ConsolePatch[];
}

/** What a console would have shown over a run, second by second of event time. */
export interface ConsoleFilm {
  /** Takes the next event of the run. */
  readonly add: (audited: Audited) => void;
  /** Nothing more comes. */
  readonly finish: () => void;
  readonly finished: () => boolean;
  /** Event times of the first and the last picture; undefined before the first. */
  readonly span: () => { readonly from: Micros; readonly until: Micros } | undefined;
  readonly scenes: () => number;
  /** Reads one scene. The last one grows while the film is made. Throws RangeError if there is none. */
  readonly scene: (index: number) => Scene;
  /** The scene that shows this time: the last that begins at it or before, else the first. */
  readonly sceneAt: (at: Micros) => number;
  /** A decision with all its findings. */
  readonly decision: (id: number) => DecisionView | undefined;
  /** Bytes on the disk. */
  readonly bytes: () => number;
  readonly close: () => void;
}

/** A whole state is kept so often: it is as large as some hundred patches. */
const SCENE_PATCHES = 120;
const SCENE_CHARACTERS = 4 * 2 ** 20;
/** Fast: the texts are like each other, and scrubbing waits for it. */
const LEVEL = 1;

interface Stored {
  readonly from: Micros;
  /** The first decision that was made in it. */
  readonly firstDecision: number;
  readonly offset: number;
  readonly length: number;
}
/** The scene that is being made. Its lines are a state, then patches and decisions. */
interface Making {
  readonly from: Micros;
  firstDecision: number;
  readonly lines: string[];
  patches: number;
  characters: number;
}
interface Read extends Scene {
  readonly decisions: readonly string[];
}

/**
 * Films a run: a whole state every two minutes, and what changed in each second between. It lies compressed
 * in a temporary file that has no name, so that memory does not grow with the run and nothing is left of it.
 * An hour of a busy market takes some megabytes.
 */
export function consoleFilm(
  model: Pick<ConsoleModel, 'add' | 'take' | 'snapshot' | 'decision'>,
): ConsoleFilm {
  const folder = mkdtempSync(join(tmpdir(), 'voltage-film-'));
  const file = openSync(join(folder, 'film'), 'wx+', 0o600);
  rmSync(folder, { recursive: true });
  const stored: Stored[] = [];
  let offset = 0;
  let making: Making | undefined;
  let cutAt: Micros | undefined;
  let from: Micros | undefined;
  let until: Micros = 0;
  let lastDecision = 0;
  let finished = false;
  /** The scene that was read last, and how many of its lines. */
  let kept: { readonly index: number; readonly lines: number; readonly read: Read } | undefined;

  const store = (): void => {
    if (!making) return;
    const bytes = gzipSync(making.lines.join('\n'), { level: LEVEL });
    writeAllSync(file, bytes);
    stored.push({ from: making.from, firstDecision: making.firstDecision, offset, length: bytes.length });
    offset += bytes.length;
    making = undefined;
  };
  const line = (to: Making, kind: string, body: object): void => {
    const text = `${kind} ${JSON.stringify(body)}`;
    to.lines.push(text);
    to.characters += text.length;
  };
  const cut = (): void => {
    const before = model.snapshot();
    const patch = model.take();
    if (!patch) return;
    from ??= patch.at;
    until = patch.at;
    making ??= {
      from: patch.at,
      firstDecision: lastDecision + 1,
      lines: [JSON.stringify(before)],
      patches: 0,
      characters: 0,
    };
    line(making, 'P', patch);
    making.patches++;
    for (const { id } of patch.rings?.decisions ?? []) {
      const view = model.decision(id);
      if (view) line(making, `D${id}`, view);
      lastDecision = id;
    }
    if (making.patches < SCENE_PATCHES && making.characters < SCENE_CHARACTERS) return;
    store();
  };
  const linesOf = (index: number): readonly string[] => {
    const { offset: start, length } = stored[index] ?? {};
    if (start === undefined || length === undefined) {
      if (index === stored.length && making) return making.lines;
      throw new RangeError(`film: there is no scene ${index} of ${stored.length}`);
    }
    const bytes = Buffer.alloc(length);
    for (let read = 0; read < length; ) {
      const more = readSync(file, bytes, read, length - read, start + read);
      if (more === 0) throw new Error('film: its temporary file was cut');
      read += more;
    }
    return gunzipSync(bytes).toString('utf8').split('\n');
  };
  const read = (index: number): Read => {
    const growing = index === stored.length ? making?.lines.length : undefined;
    if (kept?.index === index && (growing === undefined || growing === kept.lines)) return kept.read;
    const [first = '', ...rest] = linesOf(index);
    const scene: Read = {
      state: JSON.parse(first) as ConsoleState,
      patches: rest
        .filter((text) => text[0] === 'P')
        .map((text) => JSON.parse(text.slice(2)) as ConsolePatch),
      decisions: rest.filter((text) => text[0] === 'D'),
    };
    kept = { index, lines: rest.length + 1, read: scene };
    return scene;
  };
  const scenes = (): number => stored.length + (making ? 1 : 0);
  /** The last scene for which `holds`; the first if none. */
  const lastWhere = (holds: (scene: Pick<Stored, 'from' | 'firstDecision'>) => boolean): number => {
    if (making && holds(making)) return stored.length;
    let [low, high] = [0, stored.length - 1];
    while (low < high) {
      const middle = Math.ceil((low + high) / 2);
      if (holds(stored[middle] as Stored)) low = middle;
      else high = middle - 1;
    }
    return low;
  };

  return {
    add: (audited) => {
      const { at } = audited.event;
      // What happened before is a picture of its own.
      cutAt ??= at + SECOND;
      if (at >= cutAt) {
        cut();
        cutAt = at + SECOND;
      }
      model.add(audited);
    },
    finish: () => {
      cut();
      finished = true;
    },
    finished: () => finished,
    span: () => (from === undefined ? undefined : { from, until }),
    scenes,
    scene: read,
    sceneAt: (at) => lastWhere((scene) => scene.from <= at),
    decision: (id) => {
      if (scenes() === 0) return undefined;
      const { decisions } = read(lastWhere((scene) => scene.firstDecision <= id));
      const start = `D${id} `;
      const found = decisions.find((text) => text.startsWith(start));
      return found === undefined ? undefined : (JSON.parse(found.slice(start.length)) as DecisionView);
    },
    bytes: () => offset,
    close: () => closeSync(file),
  };
}
