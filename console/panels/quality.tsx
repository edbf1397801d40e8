import { Fragment, type JSX } from 'preact';
import type { AssetView, ForecastQuality } from '../../src/console/state.ts';
import { Calm } from '../charts/calm.tsx';
import { percent, plain } from '../charts/figures.ts';
import { bandVerdict } from './band-verdict.ts';
import { confidenceWords } from './confidence-words.ts';
import { driftWords } from './drift-words.ts';
import { grouped } from './grouped.ts';

export interface QualityProps {
  readonly quality: readonly ForecastQuality[];
  /** Whose models may tell how far they are from what they were trained on. */
  readonly assets?: Readonly<Record<string, AssetView>>;
}

const BAND = {
  held: 'as promised',
  narrow: 'too narrow',
  wide: 'too wide',
  unknown: '',
} as const;

/** A ratio of losses as a difference: `11.0 % better`. */
const against = (ratio: number): string =>
  Math.abs(ratio - 1) < 0.0005
    ? 'equal'
    : `${percent(Math.abs(ratio - 1))} ${ratio < 1 ? 'better' : 'worse'}`;

/** Losses of every forecast against the baseline by horizon, and whether the band holds four outcomes of five. */
export function Quality({ quality, assets = {} }: QualityProps): JSX.Element {
  const known = quality.filter(({ count }) => count > 0);
  const confidence = Object.values(assets).flatMap((asset) => confidenceWords(asset) ?? []);
  const told = confidence.map((words) => (
    <p key={words} class="chart-note">
      {words}
    </p>
  ));
  if (known.length === 0)
    return (
      <>
        {told}
        <Calm size="short">No forecast has come true yet; the first is judged after its horizon.</Calm>
      </>
    );
  const drift = driftWords(known);
  const groups = [
    ...grouped(
      [...known].sort((a, b) => (a.asset < b.asset ? -1 : a.asset > b.asset ? 1 : a.minutes - b.minutes)),
      ({ asset, minutes }) => `${asset}, ${minutes} min ahead`,
    ),
  ];
  return (
    <>
      <p class={`chart-note ${drift.length > 0 ? 'is-warn' : ''}`}>
        {drift.length > 0
          ? `Drift: ${drift.join(' ')}`
          : 'No drift: at every horizon some forecast is at least as good as the baseline, and no band holds too little.'}
      </p>
      {told}
      <div class="numbers-scroll">
        <table class="numbers">
          <caption class="unseen">
            QLIKE of each forecast against the baseline, and coverage of its band
          </caption>
          <thead>
            <tr>
              <th scope="col" class="to-start">
                forecast
              </th>
              <th scope="col" class="phone-hidden">
                came true
              </th>
              <th scope="col">QLIKE</th>
              <th scope="col">against the baseline</th>
              <th scope="col">in the band (80 %)</th>
            </tr>
          </thead>
          <tbody>
            {groups.map(([name, rows]) => {
              const best = Math.min(...rows.map(({ qlike }) => qlike ?? Number.POSITIVE_INFINITY));
              return (
                <Fragment key={name}>
                  <tr class="group">
                    <th colSpan={5} scope="colgroup">
                      {name}
                    </th>
                  </tr>
                  {rows.map((row) => {
                    const band = bandVerdict(row);
                    return (
                      <tr key={row.member}>
                        <th scope="row">
                          {row.member}
                          {row.qlike === best && rows.length > 1 ? (
                            <small class="is-soft"> best</small>
                          ) : null}
                        </th>
                        <td class="phone-hidden">{plain(row.count)}</td>
                        <td>{plain(row.qlike, 4)}</td>
                        <td
                          class={
                            row.ratio === null || row.ratio === 1
                              ? 'is-soft'
                              : row.ratio < 1
                                ? 'is-good'
                                : 'is-warn'
                          }
                        >
                          {row.ratio === null ? '–' : against(row.ratio)}
                        </td>
                        <td class={band === 'narrow' ? 'is-warn' : ''}>
                          {percent(row.coverage)}
                          {BAND[band] === '' ? null : <small class="is-soft"> {BAND[band]}</small>}
                        </td>
                      </tr>
                    );
                  })}
                </Fragment>
              );
            })}
          </tbody>
        </table>
      </div>
    </>
  );
}
