/**
 * Results made one after another, a few ahead of who takes them. What fails is told where it would
 * have been taken.
 */
export class Ahead<R> implements AsyncIterator<R, undefined> {
  private readonly stop = new AbortController();
  private readonly made: Promise<R>[] = [];
  private last: Promise<unknown> = Promise.resolve();

  /**
   * @param from the first that is made, of those below `until`
   * @param depth as many are made, or under way, before they are asked for
   * @param make its signal says that nobody takes the result any more
   */
  constructor(
    private from: number,
    private readonly until: number,
    private readonly depth: number,
    private readonly make: (number: number, signal: AbortSignal) => Promise<R>,
  ) {
    this.fill();
  }

  async next(): Promise<IteratorResult<R, undefined>> {
    const first = this.made.shift();
    if (first === undefined) return { done: true, value: undefined };
    // Begun before the first is awaited: it is made by then, or nearly so.
    this.fill();
    return { done: false, value: await first };
  }

  /** Begins nothing more, and resolves when what is under way has ended. */
  async return(): Promise<IteratorResult<R, undefined>> {
    this.stop.abort();
    this.made.length = 0;
    await this.last;
    return { done: true, value: undefined };
  }

  private fill(): void {
    const { signal } = this.stop;
    while (this.made.length < this.depth && this.from < this.until && !signal.aborted) {
      const number = this.from++;
      const work = this.last.then(() => {
        signal.throwIfAborted();
        return this.make(number, signal);
      });
      this.last = work.catch(() => undefined);
      this.made.push(work);
    }
  }
}
