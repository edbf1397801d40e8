import { applyPatch } from '../../src/console/apply-patch.ts';
import { mergePatches } from '../../src/console/merge-patches.ts';
import type { ConsolePatch, ConsoleState } from '../../src/console/state.ts';
import { type Micros, SECOND } from '../../src/domain/time.ts';
import type { ConsoleFilm } from '../run/console-film.ts';
import type { ConsoleSource } from './console-feed.ts';
import type { Replay, ReplayState } from './console-server.ts';

/** Plays a film to a console. */
export interface ConsolePlayer extends ConsoleSource, Replay {}

/** How to play. */
export interface PlayerOptions {
  readonly film: ConsoleFilm;
  /** What is shown before there is a first picture. */
  readonly empty: ConsoleState;
  /** Where to begin; where undefined, at the start. */
  readonly at: Micros | undefined;
  readonly speed: number;
  /** Share of the recording that was read. */
  readonly loaded: () => number;
  /** Wall time in milliseconds. */
  readonly nowMs: () => number;
  /** Called when the picture jumps, so that no patch leads to it. */
  readonly jumped: () => void;
}

/** Nobody watched for longer: time stood still meanwhile. */
const MOST_STEP_MS = 1_000;

/**
 * Makes a player. Time goes on only while somebody asks for changes. A jump reads one scene and applies its
 * patches, so it costs the same anywhere in the film. A time that is not filmed yet is shown once it is.
 */
export function consolePlayer(options: PlayerOptions): ConsolePlayer {
  const { film, nowMs } = options;
  let state = options.empty;
  let patchNumber = 0;
  let at: Micros | undefined;
  let wanted: Micros | undefined = options.at;
  let playing = true;
  let speed = options.speed;
  let askedMs = nowMs();
  /** The next patch to show. */
  let next = { scene: 0, patch: 0 };

  /** The patches up to a time, from the next one on. */
  const upTo = (time: Micros): readonly ConsolePatch[] => {
    const found: ConsolePatch[] = [];
    for (;;) {
      const { patches } = film.scene(next.scene);
      for (let patch = patches[next.patch]; patch && patch.at <= time; patch = patches[next.patch]) {
        found.push(patch);
        next = { ...next, patch: next.patch + 1 };
      }
      if (next.patch < patches.length || next.scene + 1 >= film.scenes()) return found;
      next = { scene: next.scene + 1, patch: 0 };
    }
  };
  const show = (picture: ConsoleState): void => {
    patchNumber++;
    state = { ...picture, patch: patchNumber };
  };
  const seek = (time: Micros): void => {
    const scene = film.sceneAt(time);
    next = { scene, patch: 0 };
    const { state: first, patches } = film.scene(scene);
    let picture = first;
    for (const patch of patches) {
      if (patch.at > time) break;
      picture = applyPatch(picture, patch) ?? picture;
      next = { scene, patch: next.patch + 1 };
    }
    at = time;
    show(picture);
    options.jumped();
  };
  const read = (): ReplayState => {
    const { from, until } = film.span() ?? { from: 0, until: 0 };
    return { from, until, at: wanted ?? at ?? from, playing, speed, loaded: options.loaded() };
  };

  return {
    snapshot: () => state,
    take: () => {
      const now = nowMs();
      const elapsedMs = Math.min(now - askedMs, MOST_STEP_MS);
      askedMs = now;
      const span = film.span();
      if (!span) return undefined;
      if (wanted !== undefined && (film.finished() || wanted <= span.until)) {
        const target = Math.min(Math.max(wanted, span.from), span.until);
        wanted = undefined;
        seek(target);
        return undefined;
      }
      if (at === undefined) {
        seek(span.from);
        return undefined;
      }
      if (!playing) return undefined;
      at = Math.min(at + Math.round((elapsedMs / 1000) * SECOND * speed), span.until);
      if (at === span.until && film.finished()) playing = false;
      const merged = mergePatches(upTo(at));
      if (!merged) return undefined;
      patchNumber++;
      const patch = { ...merged, patch: patchNumber };
      state = applyPatch(state, patch) ?? state;
      return patch;
    },
    read,
    steer: (to) => {
      if (to.at !== undefined) wanted = to.at;
      if (to.speed !== undefined) speed = to.speed;
      if (to.playing !== undefined) {
        const span = film.span();
        // Played again from the end, it begins anew.
        if (to.playing && to.at === undefined && film.finished() && span && at === span.until)
          wanted = span.from;
        playing = to.playing;
      }
    },
  };
}
