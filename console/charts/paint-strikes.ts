import type { StrikeLines } from './strike-lines.ts';
import type { Painter } from './time-plot.tsx';

/**
 * Paints what lies under the prices: the time ahead, the strikes of the next close, and the window of `window` seconds
 * in which that close settles.
 */
export const paintStrikes =
  (strikes: StrikeLines | undefined, now: number, window: number): Painter =>
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

    context.setLineDash([6 * ratio, 4 * ratio]);
    context.strokeStyle = colours['ink-soft'];
    context.globalAlpha = 0.6;
    for (const line of strikes.lines) {
      const place = Math.round(y(line.dollars, 'y')) + 0.5;
      if (place < box.top || place > box.bottom) continue;
      context.beginPath();
      context.moveTo(box.left, place);
      context.lineTo(Math.min(until, box.right), place);
      context.stroke();
    }
  };
