import type { TapeSurvey } from '../../pipelines/tapes/survey.ts';
import { venueNames } from '../domain/venues.ts';
import { tableLines } from './query/table-lines.ts';
import { dayTime } from './run-time.ts';

const total = (counts: Readonly<Record<string, number>>): number =>
  Object.values(counts).reduce((sum, each) => sum + each, 0);

/** Tapes as a table of at most `width` characters: span, frames by venue, losses, and whether they are whole. */
export function tapeTable(surveys: readonly TapeSurvey[], width: number): readonly string[] {
  return tableLines(
    ['tape', 'from (UTC)', 'minutes', ...venueNames, 'own', 'holes', 'closed', 'shed', 'bad', 'state'],
    surveys.map((survey) => {
      const { path, firstAt, lastAt, frames, ownFrames, gaps, closed, shed, badLines, rejected } = survey;
      return [
        path.split('/').at(-1),
        firstAt === undefined ? '' : dayTime(firstAt),
        firstAt === undefined || lastAt === undefined ? '' : ((lastAt - firstAt) / 60e6).toFixed(1),
        ...venueNames.map((venue) => frames[venue]),
        ownFrames,
        total(gaps),
        closed,
        shed,
        badLines + rejected,
        survey.whole ? 'whole' : 'cut',
      ];
    }),
    width,
  );
}

/** What is wrong with a tape, or that nothing is, and what was compared. */
export function verifyLines(survey: TapeSurvey, sound: boolean): readonly string[] {
  const { path, frames, gaps, checksums, badLines, rejected, closed, shed, problems } = survey;
  const counted = `${total(frames)} frames, ${checksums} checksums compared, ${closed} connections closed, ${shed} times shed`;
  if (sound && problems.length === 0) return [`${path}: sound; ${counted}`];
  return [
    sound
      ? `${path}: sound; ${counted}`
      : `${path}: NOT sound: ${badLines} bad lines, ${rejected} unreadable, ${total(gaps)} holes that no line announces${survey.whole ? '' : ', not whole'}; ${counted}`,
    ...problems.map((problem) => `  ${problem}`),
  ];
}
