import { labelled, type StrikeLines } from './strike-lines.ts';
import type { Painter } from './time-plot.tsx';

/** Pixels between two labels. */
const APART = 16;

/**
 * Paints the labels of the next close's strikes on a ground of their own: in the time ahead, where no price lies, if
 * there is room for them, and else at the left.
 */
export const paintLabels =
  (strikes: StrikeLines | undefined, now: number, window: number, indexDollars: number | null): Painter =>
  ({ context, colours, ratio, font, box, x, y }) => {
    if (strikes === undefined) return;
    const end = Math.min(x(strikes.closeAt / 1e6 - window), box.right) - 6 * ratio;
    const places = strikes.lines.map((line) => y(line.dollars, 'y'));
    const centre = indexDollars === null ? (box.top + box.bottom) / 2 : y(indexDollars, 'y');
    context.font = font;
    context.textAlign = 'left';
    context.textBaseline = 'middle';
    for (const at of labelled(places, centre, APART * ratio)) {
      const place = places[at] ?? 0;
      if (place < box.top + 8 * ratio || place > box.bottom - 8 * ratio) continue;
      const label = strikes.lines[at]?.label ?? '';
      const width = context.measureText(label).width;
      const left = end - x(now) > width + 16 * ratio ? end - width - 4 * ratio : box.left + 6 * ratio;
      context.globalAlpha = 0.85;
      context.fillStyle = colours.panel;
      context.fillRect(left - 4 * ratio, place - 7 * ratio, width + 8 * ratio, 14 * ratio);
      context.globalAlpha = 1;
      context.fillStyle = colours.ink;
      context.fillText(label, left, place + ratio);
    }
  };
