interface Result {
  readonly testFilePath: string;
  readonly testResults: readonly {
    readonly status: string;
    readonly ancestorTitles: readonly string[];
    readonly title: string;
  }[];
}

export function skippedLines(results: readonly Result[], root: string): readonly string[];
