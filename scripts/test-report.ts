/** A run of the tests, as vitest's JSON reporter writes it. */
export interface TestReport {
  readonly numPassedTests: number;
  readonly numFailedTests: number;
  readonly numFailedTestSuites: number;
  readonly testResults: readonly TestFile[];
}

/** One file of tests; times in milliseconds. */
export interface TestFile {
  /** Its path, absolute. */
  readonly name: string;
  readonly status: string;
  /** Why the file itself could not be run, or nothing. */
  readonly message: string;
  readonly startTime: number;
  readonly endTime: number;
  readonly assertionResults: readonly {
    readonly fullName: string;
    readonly status: string;
    readonly duration?: number | null;
    readonly failureMessages?: readonly string[] | null;
  }[];
}

/** Names of the tests that neither passed nor failed. */
export const skippedTests = ({ testResults }: TestReport): readonly string[] =>
  testResults.flatMap(({ assertionResults }) =>
    assertionResults.flatMap(({ fullName, status }) =>
      status === "passed" || status === "failed" ? [] : [fullName],
    ),
  );
