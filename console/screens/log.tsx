import { useState } from 'preact/hooks';
import type { LogLine } from '../../src/console/state.ts';
import { Chip } from '../parts/chip.tsx';
import { clock, day } from '../words/format.ts';
import type { ScreenProps } from './screen-of.tsx';

const MOST = 200;
const TONES: Readonly<Record<LogLine['level'], string>> = { info: 'calm', warn: 'warn', bad: 'bad' };

/** Halts, commands, differences and whatever else a person should read afterwards, the latest first. */
export function Log({ state }: ScreenProps) {
  const [about, setAbout] = useState('');
  const { log } = state.rings;
  const kinds = [...new Set(log.map((line) => line.about))].sort();
  const shown = log
    .filter((line) => about === '' || line.about === about)
    .slice(-MOST)
    .reverse();
  return (
    <section class="panel" aria-labelledby="log-title">
      <header class="head filters">
        <h1 id="log-title">Log</h1>
        <label>
          <span>about</span>
          <select value={about} onChange={(event) => setAbout(event.currentTarget.value)}>
            <option value="">all</option>
            {kinds.map((kind) => (
              <option key={kind} value={kind}>
                {kind}
              </option>
            ))}
          </select>
        </label>
      </header>
      {shown.length === 0 ? (
        <p class="empty">Nothing to tell yet.</p>
      ) : (
        <table class="lines fixed log">
          <colgroup>
            <col class="col-time" />
            <col class="col-chip" />
            <col />
          </colgroup>
          <thead>
            <tr>
              <th scope="col">time UTC</th>
              <th scope="col">about</th>
              <th scope="col">what happened</th>
            </tr>
          </thead>
          <tbody>
            {shown.map((line, place) => (
              // Lines have no number, and a new one must move nothing.
              <tr key={place}>
                <td title={day(line.at)}>{clock(line.at)}</td>
                <td>
                  <Chip tone={TONES[line.level]} words={line.about} />
                </td>
                <td>{line.text}</td>
              </tr>
            ))}
          </tbody>
        </table>
      )}
    </section>
  );
}
