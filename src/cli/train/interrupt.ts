/** Ctrl-C: once ends the step under way and saves, twice ends at once. */

const signals = ["SIGINT", "SIGTERM", "SIGHUP"] as const;

/**
 * Milliseconds in which more signals are the same wish: a terminal sends Ctrl-C to npm and to what it
 * has started, and npm passes its own on.
 */
export const echo = 500;

export interface Interruption extends Disposable {
  readonly signal: AbortSignal;
}

/**
 * Takes the signals that ask a program to end, for as long as it is not disposed of.
 *
 * @param first called with the first of them
 * @param second called with the next that is no echo of it, to end the process; a terminal that is
 *   gone, which the system and the shell both tell of, is never a second wish
 * @param now milliseconds that never go back
 */
export function interruption(
  first: () => void,
  second: () => void,
  now: () => number = () => performance.now(),
): Interruption {
  const abort = new AbortController();
  let began = 0;
  const interrupt = (name: NodeJS.Signals): void => {
    if (abort.signal.aborted) {
      if (name !== "SIGHUP" && now() - began >= echo) second();
      return;
    }
    began = now();
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
