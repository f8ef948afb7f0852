import { bug } from "../diagnostics/bug.js";
import { onAbort } from "./abort.js";
import type { NativeSession } from "./addon.js";

type Serve = (instance: NativeSession) => void;

/** The native instances of one model: each serves one run at a time, further runs wait in line. */
export class InstancePool {
  readonly #idle: NativeSession[];
  /** In order of arrival; whoever is aborted leaves from the middle. */
  readonly #line = new Set<Serve>();
  #alive: number;
  #closed: (() => void) | undefined;

  /** At most `maxQueue` runs may wait; it is for the caller to ask whether the pool is full. */
  constructor(
    private readonly instances: readonly NativeSession[],
    readonly maxQueue = Infinity,
  ) {
    this.#idle = [...instances];
    this.#alive = instances.length;
  }

  /** How many runs may be under way. */
  get size(): number {
    return this.instances.length;
  }

  /** For calls that block: the native side makes them wait for a run under way. */
  get any(): NativeSession {
    const instance = this.#idle.at(-1) ?? this.instances[0];
    if (instance === undefined) bug("a pool without instances");
    return instance;
  }

  /** Whether one more run would find neither an instance nor a place in the line. */
  get full(): boolean {
    return this.#idle.length === 0 && this.#line.size >= this.maxQueue;
  }

  /** Whether one run is under way, and no other, nor one in the line. */
  get isAlone(): boolean {
    return this.#idle.length === this.instances.length - 1 && this.#line.size === 0;
  }

  /**
   * Runs `work` on an instance as soon as one is free. A signal ends the waiting at once; work that
   * has begun keeps its instance until it ends, whatever the signal says.
   */
  async use<R>(work: (instance: NativeSession) => Promise<R>, signal?: AbortSignal): Promise<R> {
    const instance = this.#idle.pop() ?? (await this.#turn(signal));
    try {
      return await work(instance);
    } finally {
      this.#release(instance);
    }
  }

  /** Lets the runs that were asked for end, and resolves when every instance is freed. */
  close(): Promise<void> {
    const closed = new Promise<void>((resolve) => (this.#closed = resolve));
    for (const instance of this.#idle.splice(0)) this.#free(instance);
    return closed;
  }

  /** An instance, when all who came before have had theirs; or the signal's reason. */
  #turn(signal: AbortSignal | undefined): Promise<NativeSession> {
    return new Promise((resolve, reject) => {
      const serve: Serve = (instance) => {
        forget?.();
        resolve(instance);
      };
      this.#line.add(serve);
      const leave = (): void => {
        forget?.();
        this.#line.delete(serve);
        reject(signal?.reason as Error);
      };
      const forget = signal === undefined ? undefined : onAbort(signal, leave);
    });
  }

  #release(instance: NativeSession): void {
    const [next] = this.#line;
    if (next !== undefined) {
      this.#line.delete(next);
      next(instance);
    } else if (this.#closed === undefined) this.#idle.push(instance);
    else this.#free(instance);
  }

  #free(instance: NativeSession): void {
    instance.dispose();
    if (--this.#alive === 0) this.#closed?.();
  }
}
