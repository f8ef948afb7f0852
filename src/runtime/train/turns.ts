import { onAbort } from "../abort.js";

/** One after another: each call's work begins when those before it have ended, well or not. */
export class Turns {
  #last: Promise<unknown> = Promise.resolve();

  /** @param signal ends the waiting at once; work that has begun goes on to its end */
  take<R>(work: () => Promise<R>, signal?: AbortSignal): Promise<R> {
    return new Promise<R>((resolve, reject) => {
      signal?.throwIfAborted();
      let left = false;
      const leave = (): void => {
        left = true;
        reject(signal!.reason as Error);
      };
      const forget = signal === undefined ? undefined : onAbort(signal, leave);
      this.#last = this.#last.then(() => {
        if (left) return;
        forget?.();
        const working = Promise.resolve().then(work);
        working.then(resolve, reject);
        return working.catch(() => undefined);
      });
    });
  }
}
