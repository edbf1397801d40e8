import { useEffect, useState } from 'preact/hooks';
import { ask } from '../store/ask.ts';
import { clock } from '../words/format.ts';

/** Where a replay is. Times are event time in microseconds. */
interface Replay {
  readonly from: number;
  readonly until: number;
  readonly at: number;
  readonly playing: boolean;
  readonly speed: number;
  /** Share of the recording that is read, from 0 to 1; `until` grows with it. */
  readonly loaded?: number;
}

const SPEEDS = [1, 10, 60, 600] as const;
const SECOND = 1_000_000;
const LOADING_MS = 1_000;

type Change = Partial<Pick<Replay, 'at' | 'playing' | 'speed'>>;

async function askReplay(change?: Change): Promise<Replay | undefined> {
  const init: RequestInit = change
    ? {
        method: 'POST',
        body: JSON.stringify(change),
        headers: { 'content-type': 'application/json' },
      }
    : {};
  const answer = await ask('/api/replay', init);
  return answer.ok ? ((await answer.json()) as Replay) : undefined;
}

/** Plays a recording, stops it, and goes to any time of it. */
export function ReplayBar({ at }: { readonly at: number }) {
  const [replay, setReplay] = useState<Replay>();
  const [failed, setFailed] = useState(false);
  // While the operator drags, the recording must not pull the handle away.
  const [dragged, setDragged] = useState<number>();
  const change = (wanted?: Change): void => {
    askReplay(wanted).then(
      (now) => {
        setFailed(now === undefined);
        if (now) setReplay(now);
      },
      () => setFailed(true),
    );
  };
  const loading = replay !== undefined && (replay.loaded ?? 1) < 1;
  // The events tell where it is; only its length is asked.
  useEffect(() => {
    change();
    if (!loading) return undefined;
    const again = setInterval(() => change(), LOADING_MS);
    return () => clearInterval(again);
  }, [loading]);
  if (!replay) return failed ? <p class="replay panel empty">The recording cannot be moved.</p> : null;
  // The last picture may lie a second and more before the time at which it stands.
  const stands = replay.playing ? at : replay.at;
  const shown = Math.min(replay.until, Math.max(replay.from, dragged ?? stands));
  return (
    <section class="replay panel" aria-label="Recording">
      <button type="button" onClick={() => change({ playing: !replay.playing })}>
        {replay.playing ? 'Stop' : 'Play'}
      </button>
      <span class="soft">{clock(replay.from)}</span>
      <input
        type="range"
        aria-label="Time of the recording"
        aria-valuetext={`${clock(shown)} UTC`}
        min={replay.from}
        max={replay.until}
        step={SECOND}
        value={shown}
        onInput={(event) => setDragged(Number(event.currentTarget.value))}
        onChange={(event) => {
          setDragged(undefined);
          change({ at: Number(event.currentTarget.value) });
        }}
      />
      <span class="soft">{clock(replay.until)}</span>
      <b>{clock(shown)}</b>
      <label>
        <span class="unseen">Speed</span>
        <select
          value={replay.speed}
          onChange={(event) => change({ speed: Number(event.currentTarget.value) })}
        >
          {[...new Set([...SPEEDS, replay.speed])]
            .sort((a, b) => a - b)
            .map((speed) => (
              <option key={speed} value={speed}>
                {speed} ×
              </option>
            ))}
        </select>
      </label>
    </section>
  );
}
