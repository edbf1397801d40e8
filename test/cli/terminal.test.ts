import { describe, expect, test } from '@jest/globals';
import { terminal } from '../../src/cli/terminal.ts';

const ESCAPE = '\u001b';
const ENTER = `${ESCAPE}[?1049h`;
const LEAVE = `${ESCAPE}[?1049l`;

/** A terminal of a size that may change, and what was written to it. */
const on = (columns: number, rows: number) => {
  const written: string[] = [];
  const size = { isTTY: true, columns, rows, write: (text: string) => written.push(text) };
  return { size, written, text: () => written.join(''), ...terminal(size) };
};
const LINES = ['SIMULATED  head', 'contract  bid  ask', 'KXBTCD-A  41.0 43.0'];

describe('terminal', () => {
  test('uses the whole of a large terminal, and gives back what it showed before', () => {
    const { draw, close, text, written } = on(120, 40);
    draw(LINES, 1);
    draw(LINES, 1);
    expect(text().split(ENTER)).toHaveLength(2);
    // Nothing scrolls: each drawing begins at the first line and ends without a line end.
    for (const each of written.filter((part) => part.includes('KXBTCD-A'))) {
      expect(each.startsWith(`${ESCAPE}[H`)).toBe(true);
      expect(each.endsWith('\n')).toBe(false);
    }
    expect(text()).not.toContain(LEAVE);
    close();
    close();
    expect(text().split(LEAVE)).toHaveLength(2);
    expect(text().endsWith(LEAVE)).toBe(true);
  });

  test('gives the terminal back when the process ends without a close', () => {
    const { draw, text } = on(120, 40);
    const before = new Set(process.listeners('exit'));
    draw(LINES, 1);
    const [added] = process.listeners('exit').filter((listener) => !before.has(listener));
    added?.call(process, 1);
    expect(text().endsWith(LEAVE)).toBe(true);
    expect(process.listeners('exit')).toHaveLength(before.size);
  });

  test('redraws in place on a small terminal, below what it showed', () => {
    const { draw, close, text, written } = on(80, 40);
    draw(LINES, 1);
    draw(LINES.slice(0, 2), 1);
    close();
    expect(text()).not.toContain('1049');
    expect(written[1]?.startsWith(`${ESCAPE}[3A`)).toBe(true);
  });

  test('goes from whole to in place and back as the window is resized', () => {
    const { draw, close, size, text, written } = on(120, 40);
    draw(LINES, 1);
    size.columns = 60;
    draw(LINES, 1);
    expect(text()).toContain(LEAVE);
    // Its own screen is gone, so there is nothing to go up to.
    expect(written.at(-1)?.startsWith(`${ESCAPE}[2K`)).toBe(true);
    size.columns = 120;
    draw(LINES, 1);
    expect(text().split(ENTER)).toHaveLength(3);
    close();
  });
});
