/** Ctrl-C: once ends the step under way and saves, twice ends at once. */

const signals = ["SIGINT", "SIGTERM", "SIGHUP"] as const;

export interface Interruption extends Disposable {
  readonly signal: AbortSignal;
}

/**
 * Takes the signals that ask a program to end, for as long as it is not disposed of.
 *
 * @param first called with the first of them
 * @param second called with the next, to end the process
 */
export function interruption(first: () => void, second: () => void): Interruption {
  const abort = new AbortController();
  const interrupt = (): void => {
    if (abort.signal.aborted) return second();
    abort.abort();
    first();
  };
  for (const name of signals) process.on(name, interrupt);
  return {
    signal: abort.signal,
    [Symbol.dispose]: () => {
      for (const name of signals) process.off(name, interrupt);
    },
  };
}
