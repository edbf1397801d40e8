import { dollars } from './figures.ts';
import type { PriceMark } from './price-marks.ts';
import type { Painter } from './time-plot.tsx';

/** Paints what lies over the prices: orders as rings, fills as triangles, and the index now as a tag on its axis. */
export const paintMarks =
  (marks: readonly PriceMark[], indexDollars: number | null): Painter =>
  ({ context, colours, ratio, font, box, x, y }) => {
    const size = 5 * ratio;
    context.lineWidth = 1.5 * ratio;
    for (const { kind, side, at, dollars: price } of marks) {
      const left = x(at / 1e6);
      const level = y(price, 'y');
      if (left < box.left || left > box.right || level < box.top || level > box.bottom) continue;
      context.beginPath();
      if (kind === 'order') {
        context.strokeStyle = colours.ink;
        context.fillStyle = colours.panel;
        context.arc(left, level, 0.75 * size, 0, 2 * Math.PI);
        context.fill();
        context.stroke();
        continue;
      }
      // Under the line what was bought, over it what was sold, so that both can be seen at one time.
      const up = side === 'bid' ? 1 : -1;
      const tip = level + up * 1.4 * size;
      context.moveTo(left, tip);
      context.lineTo(left + size, tip + up * 1.7 * size);
      context.lineTo(left - size, tip + up * 1.7 * size);
      context.closePath();
      context.fillStyle = side === 'bid' ? colours.good : colours.bad;
      context.strokeStyle = colours.panel;
      context.fill();
      context.stroke();
    }
    if (indexDollars === null) return;
    const level = Math.round(y(indexDollars, 'y'));
    if (level < box.top || level > box.bottom) return;
    context.fillStyle = colours.accent;
    context.beginPath();
    context.moveTo(box.right, level);
    context.lineTo(box.right + 5 * ratio, level - 8 * ratio);
    context.lineTo(box.right + 62 * ratio, level - 8 * ratio);
    context.lineTo(box.right + 62 * ratio, level + 8 * ratio);
    context.lineTo(box.right + 5 * ratio, level + 8 * ratio);
    context.closePath();
    context.fill();
    context.font = font;
    context.fillStyle = colours.panel;
    context.textAlign = 'left';
    context.textBaseline = 'middle';
    context.fillText(
      dollars(indexDollars, indexDollars >= 1000 ? 0 : 2),
      box.right + 8 * ratio,
      level + ratio,
    );
  };
