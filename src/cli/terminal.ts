/** Where a screen is drawn: stderr, so that stdout has only results. */
export interface ScreenOutput {
  readonly isTTY?: boolean | undefined;
  readonly columns?: number | undefined;
  readonly rows?: number | undefined;
  readonly write: (text: string) => unknown;
}

/** A terminal on which one screen is drawn again and again. */
export interface Terminal {
  /** Replaces what was drawn before. The first line is the head, and `table` is the line of the table's heads. */
  readonly draw: (lines: readonly string[], table: number) => void;
  /** Gives the terminal back as it was found. */
  readonly close: () => void;
}

/** From this size on the whole terminal is used. */
const FULL_COLUMNS = 100;
const FULL_ROWS = 24;

const ESCAPE = '\u001b[';
const ENTER = `${ESCAPE}?1049h${ESCAPE}?25l`;
const LEAVE = `${ESCAPE}?25h${ESCAPE}?1049l`;
const inverse = (line: string): string => `${ESCAPE}7m${line}${ESCAPE}0m`;
const underlined = (line: string): string => `${ESCAPE}4m${line}${ESCAPE}0m`;

/**
 * Draws on `output`. A large terminal is used as a whole, with a screen of its own beside what it showed
 * before; that is given back at `close` and when the process ends. A small one is redrawn in place, below
 * what it shows.
 */
export function terminal(output: ScreenOutput): Terminal {
  let drawn = 0;
  let full = false;
  const leave = (): void => {
    if (!full) return;
    full = false;
    process.off('exit', leave);
    output.write(LEAVE);
  };
  const enter = (): void => {
    full = true;
    process.once('exit', leave);
    output.write(ENTER);
  };
  return {
    draw: (lines, table) => {
      const { columns = 0, rows = 0 } = output;
      const isLarge = columns >= FULL_COLUMNS && rows >= FULL_ROWS;
      if (isLarge && !full) enter();
      if (!isLarge && full) {
        leave();
        drawn = 0;
      }
      if (full) {
        const styled = lines.map((line, i) =>
          i === 0
            ? inverse(line.padEnd(columns - 1))
            : i === table
              ? underlined(line.padEnd(columns - 1))
              : line,
        );
        output.write(
          `${ESCAPE}H${styled.map((line) => `${ESCAPE}2K${line}`).join('\n')}${ESCAPE}K${ESCAPE}J`,
        );
        return;
      }
      const up = drawn > 0 ? `${ESCAPE}${drawn}A` : '';
      output.write(`${up}${lines.map((line) => `${ESCAPE}2K${line}\n`).join('')}${ESCAPE}J`);
      drawn = lines.length;
    },
    close: () => {
      leave();
      drawn = 0;
    },
  };
}
