/** Who waits for one signal, and the one listener that tells them. */
interface Watch {
  readonly callbacks: Set<() => void>;
  readonly listener: () => void;
}

const watches = new WeakMap<AbortSignal, Watch>();

/**
 * Calls back once the signal is aborted; the result ends that. However many runs share a signal, it
 * gets one listener: of more than ten Node warns as of a leak.
 */
export function onAbort(signal: AbortSignal, callback: () => void): () => void {
  const watch = watches.get(signal) ?? begin(signal);
  watch.callbacks.add(callback);
  return () => {
    watch.callbacks.delete(callback);
    if (watch.callbacks.size > 0) return;
    signal.removeEventListener("abort", watch.listener);
    watches.delete(signal);
  };
}

function begin(signal: AbortSignal): Watch {
  const callbacks = new Set<() => void>();
  const watch = { callbacks, listener: () => callbacks.forEach((callback) => callback()) };
  signal.addEventListener("abort", watch.listener, { once: true });
  watches.set(signal, watch);
  return watch;
}

/**
 * Settles as `work` does, or rejects with the signal's reason as soon as it is aborted. The work
 * itself goes on: what it holds is for it to give back.
 */
export function untilAborted<R>(work: Promise<R>, signal: AbortSignal | undefined): Promise<R> {
  if (signal === undefined) return work;
  return new Promise((resolve, reject) => {
    const abort = (): void => reject(signal.reason as Error);
    const forget = onAbort(signal, abort);
    work.finally(forget).then(resolve, reject);
    // The work may have aborted it itself as it began: then no listener is told.
    if (signal.aborted) abort();
  });
}
