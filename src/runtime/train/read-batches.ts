import { untilAborted } from "../abort.js";

/**
 * The batches one after another, as long as nobody aborts: then they end, at once where the data are
 * waited for. Whoever reads them asks the signal why they ended.
 *
 * @param batches closed at the end, however that comes
 */
export async function* readBatches(
  batches: AsyncIterator<unknown>,
  signal: AbortSignal | undefined,
): AsyncGenerator<unknown, void, void> {
  let isWaiting = false;
  try {
    while (signal?.aborted !== true) {
      isWaiting = true;
      const next: IteratorResult<unknown> = await untilAborted(
        Promise.resolve(batches.next()),
        signal,
      );
      isWaiting = false;
      if (next.done === true) return;
      yield next.value;
    }
  } catch (error) {
    if (signal?.aborted !== true) throw error;
  } finally {
    // An iterator that is no asynchronous one gives no promise.
    const returned = Promise.resolve(batches.return?.());
    // Data that nobody waits for any more may take its time.
    if (isWaiting) returned.catch(() => undefined);
    else await returned;
  }
}
