/** A name that sorts by time and is fit for files, such as `paper-20261123T140502Z`. */
export const sessionName = (lane: string, at: Date): string =>
  `${lane}-${at.toISOString().replaceAll(/[-:]|\.\d+/g, '')}`;
