import type * as dashboard from '@grafana/grafana-foundation-sdk/dashboard';
import { board } from './board.ts';
import { bars, figure, lines, list, states } from './panels.ts';
import { newest, overTime, summary } from './query.ts';
import { STATE_WORDS } from './state-words.ts';

/** Whether the machinery works. */
export const operations = (): dashboard.Dashboard =>
  board({
    uid: 'voltage-operations',
    title: 'Operations',
    description: 'Halts and differences, health of feeds, clocks, the process itself and its sinks.',
    rows: [
      {
        id: 1,
        title: 'Halts and differences',
        panels: [
          figure({
            id: 2,
            title: 'State',
            description:
              'The one word of the console. BLIND: it runs and nothing feeds it. HALTED: no order leaves.',
            unit: 'none',
            width: 4,
            words: STATE_WORDS,
            targets: [overTime({ from: 'state', select: 'last("code")', alias: 'state' })],
          }),
          list({
            id: 3,
            title: 'Changes of the state',
            description: 'The last hundred words with their reasons, newest first.',
            unit: 'none',
            width: 10,
            targets: [newest({ from: 'state', select: '"word", "reason"' }, 100)],
          }),
          list({
            id: 4,
            title: 'Halts',
            description: 'Who halted the lane and why, newest first. Only a person ends a halt.',
            unit: 'none',
            noValue: 'None',
            width: 10,
            targets: [newest({ from: 'halt', select: '"by", "reason"' }, 50)],
          }),
          list({
            id: 5,
            title: 'Differences of the account',
            description:
              "Where the exchange's account is not what our books say, newest first. Each stops its contract until an operator resolves it.",
            unit: 'none',
            noValue: 'None',
            width: 14,
            targets: [newest({ from: 'difference', select: '"about", "ticker", "entered", "why"' }, 50)],
          }),
          bars({
            id: 6,
            title: 'Prices in doubt',
            description:
              'Prices that no other price bore out, in each interval, by source and what became of them.',
            unit: 'short',
            width: 10,
            targets: [
              overTime({
                from: 'priceDoubt',
                select: 'count("why")',
                by: ['source', 'state'],
                alias: '$tag_source $tag_state',
                fill: '0',
              }),
            ],
          }),
        ],
      },
      {
        id: 7,
        title: 'Feeds',
        panels: [
          lines({
            id: 8,
            title: 'Age of feeds',
            description:
              'Seconds since the last frame of each feed. A line that rises is a feed that stands still.',
            unit: 's',
            min: 0,
            width: 8,
            targets: [
              overTime({ from: 'feed', select: 'max("ageSeconds")', by: ['feed'], alias: '$tag_feed' }),
            ],
          }),
          list({
            id: 9,
            title: 'Feeds',
            description: 'The last word on each feed, with counts since the start.',
            unit: 'short',
            units: { age: 's' },
            width: 16,
            targets: [
              summary({
                from: 'feed',
                select:
                  'last("live") AS "live", last("ageSeconds") AS "age", last("gaps") AS "gaps", last("reconnects") AS "reconnects", last("shed") AS "shed", last("rejected") AS "rejected"',
                by: ['venue', 'feed'],
              }),
            ],
          }),
          states({
            id: 10,
            title: 'Silent feeds',
            description: 'Feeds that were silent for longer than the checks allow, until they spoke again.',
            unit: 'none',
            width: 12,
            words: { true: { text: 'silent', color: 'red' }, false: { text: 'heard', color: 'green' } },
            targets: [
              overTime({
                from: 'feedSilence',
                select: 'last("silent")',
                by: ['feed'],
                alias: '$tag_feed',
                fill: 'previous',
              }),
            ],
          }),
          list({
            id: 11,
            title: 'Longest silence',
            description: 'The longest silence of each feed in the time shown.',
            unit: 's',
            noValue: 'None',
            width: 6,
            targets: [
              summary({
                from: 'feedSilence',
                select: 'max("heardSecondsAgo") AS "longest silence"',
                by: ['feed'],
              }),
            ],
          }),
          list({
            id: 12,
            title: 'Feeds lacking',
            description: 'Feeds that the configuration asks for and the session does not have.',
            unit: 'none',
            noValue: 'None',
            width: 6,
            targets: [summary({ from: 'feedLacking', select: 'last("told") AS "lacking"', by: ['feed'] })],
          }),
          bars({
            id: 13,
            title: 'Gaps',
            description:
              'State declared void in each interval, by venue and cause. Many checksums in a row are a storm: the book is not to be believed.',
            unit: 'short',
            width: 8,
            targets: [
              overTime({
                from: 'gap',
                select: 'count("scope")',
                by: ['venue', 'cause'],
                alias: '$tag_venue $tag_cause',
                fill: '0',
              }),
            ],
          }),
          bars({
            id: 14,
            title: 'Connections',
            description: 'Sockets opened, live, resyncing, refused and closed in each interval.',
            unit: 'short',
            width: 8,
            targets: [
              overTime({
                from: 'connection',
                select: 'count("detail")',
                by: ['venue', 'change'],
                alias: '$tag_venue $tag_change',
                fill: '0',
              }),
            ],
          }),
          bars({
            id: 15,
            title: 'Frames that could not be read',
            description: 'In each interval, by venue: counted, never misread.',
            unit: 'short',
            width: 8,
            targets: [
              overTime({
                from: 'rejected',
                select: 'count("why")',
                by: ['venue'],
                alias: '$tag_venue',
                fill: '0',
              }),
            ],
          }),
          lines({
            id: 16,
            title: 'Clocks of venues',
            description: "The venue's clock less ours. Kalshi refuses signatures beyond five seconds.",
            unit: 'ms',
            width: 8,
            targets: [
              overTime({ from: 'clock', select: 'mean("offsetMs")', by: ['venue'], alias: '$tag_venue' }),
            ],
          }),
          lines({
            id: 17,
            title: 'Way to venues and back',
            description: 'Time that a question to the venue takes, both ways.',
            unit: 'ms',
            min: 0,
            width: 8,
            targets: [
              overTime({
                from: 'clock',
                select: 'mean("roundTripMs")',
                by: ['venue'],
                alias: '$tag_venue',
              }),
            ],
          }),
          list({
            id: 18,
            title: 'What venues say of themselves',
            description: 'The last word of each venue on whether it trades.',
            unit: 'none',
            width: 8,
            targets: [
              summary({
                from: 'venueStatus',
                select: 'last("trading") AS "trading", last("detail") AS "detail"',
                by: ['venue'],
              }),
            ],
          }),
        ],
      },
      {
        id: 19,
        title: 'Process and sinks',
        panels: [
          lines({
            id: 20,
            title: 'Delay of the event loop',
            description:
              'Longest delay in each interval. Beyond some hundred milliseconds frames are stamped late.',
            unit: 'ms',
            min: 0,
            width: 8,
            targets: [overTime({ from: 'process', select: 'max("loopDelayMs")', alias: 'delay' })],
          }),
          lines({
            id: 21,
            title: 'Heap',
            description: 'Heap in use. A line whose valleys rise for hours is a leak.',
            unit: 'decmbytes',
            min: 0,
            width: 8,
            targets: [overTime({ from: 'process', select: 'mean("heapMegabytes")', alias: 'heap' })],
          }),
          lines({
            id: 22,
            title: 'Frames that wait',
            description:
              'Frames that wait for the graph. The queue is bounded: beyond it frames are shed, and counted.',
            unit: 'short',
            min: 0,
            width: 8,
            targets: [overTime({ from: 'process', select: 'max("queued")', alias: 'queued' })],
          }),
          lines({
            id: 23,
            title: 'Points written',
            description: 'Points that each sink took in a second.',
            unit: 'cps',
            min: 0,
            width: 8,
            targets: [
              overTime({
                from: 'sink',
                select: 'non_negative_derivative(last("written"), 1s)',
                by: ['sink'],
                alias: '$tag_sink',
              }),
            ],
          }),
          lines({
            id: 24,
            title: 'Points that wait',
            description: 'Points that wait in each sink, in memory and on disk.',
            unit: 'short',
            min: 0,
            width: 8,
            targets: [overTime({ from: 'sink', select: 'max("queued")', by: ['sink'], alias: '$tag_sink' })],
          }),
          list({
            id: 25,
            title: 'Sinks',
            description:
              'Counts of each sink since the start. Dropped points are lost; refused ones were wrong; retries cost only time.',
            unit: 'short',
            width: 8,
            targets: [
              summary({
                from: 'sink',
                select:
                  'last("written") AS "written", last("dropped") AS "dropped", last("refused") AS "refused", last("retries") AS "retries"',
                by: ['sink'],
              }),
            ],
          }),
        ],
      },
    ],
  });
