import { labelled, type StrikeLines } from './strike-lines.ts';
import type { Painter } from './time-plot.tsx';

/**
 * Paints what lies under the prices: the time ahead, the strikes of the next close with their labels, and the
 * window of `window` seconds in which that close settles.
 */
export const paintStrikes =
  (strikes: StrikeLines | undefined, now: number, window: number, indexDollars: number | null): Painter =>
  ({ context, colours, ratio, font, box, x, y }) => {
    const width = box.right - box.left;
    context.beginPath();
    context.rect(box.left, box.top, width, box.bottom - box.top);
    context.clip();
    context.font = font;
    context.lineWidth = ratio;
    const nowX = Math.round(x(now)) + 0.5;
    context.strokeStyle = colours['ink-soft'];
    context.globalAlpha = 0.6;
    context.setLineDash([2 * ratio, 3 * ratio]);
    context.beginPath();
    context.moveTo(nowX, box.top);
    context.lineTo(nowX, box.bottom);
    context.stroke();
    context.globalAlpha = 1;
    if (strikes === undefined) return;

    const close = strikes.closeAt / 1e6;
    const from = x(close - window);
    const until = x(close);
    if (from < box.right) {
      context.fillStyle = colours.warn;
      context.globalAlpha = 0.16;
      context.fillRect(from, box.top, until - from, box.bottom - box.top);
      context.globalAlpha = 1;
      context.strokeStyle = colours.warn;
      context.setLineDash([]);
      context.beginPath();
      context.moveTo(Math.round(until) + 0.5, box.top);
      context.lineTo(Math.round(until) + 0.5, box.bottom);
      context.stroke();
      context.fillStyle = colours['ink-soft'];
      context.textBaseline = 'bottom';
      context.textAlign = from > box.left + width / 2 ? 'right' : 'left';
      context.fillText(
        'settles',
        context.textAlign === 'right' ? from - 4 * ratio : until + 4 * ratio,
        box.bottom - 4 * ratio,
      );
    }

    const places = strikes.lines.map((line) => y(line.dollars, 'y'));
    const inside = (place: number): boolean => place >= box.top && place <= box.bottom;
    const shown = new Set(
      labelled(places, indexDollars === null ? (box.top + box.bottom) / 2 : y(indexDollars, 'y'), 16 * ratio),
    );
    context.setLineDash([6 * ratio, 4 * ratio]);
    context.textAlign = 'left';
    context.textBaseline = 'bottom';
    strikes.lines.forEach(({ label }, at) => {
      const place = Math.round(places[at] ?? 0) + 0.5;
      if (!inside(place)) return;
      context.strokeStyle = colours['ink-soft'];
      context.globalAlpha = shown.has(at) ? 0.75 : 0.3;
      context.beginPath();
      context.moveTo(box.left, place);
      context.lineTo(Math.min(until, box.right), place);
      context.stroke();
      context.globalAlpha = 1;
      if (!shown.has(at) || place - box.top < 14 * ratio) return;
      context.fillStyle = colours.ink;
      context.fillText(label, box.left + 6 * ratio, place - 2 * ratio);
    });
  };
