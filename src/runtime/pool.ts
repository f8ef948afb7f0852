import type { NativeInstance } from "./addon.js";

/** The native instances of one model: each serves one run at a time, further runs wait in order. */
export class InstancePool {
  readonly #idle: NativeInstance[];
  readonly #waiting: ((instance: NativeInstance) => void)[] = [];
  #alive: number;
  #closed: (() => void) | undefined;

  constructor(private readonly instances: readonly NativeInstance[]) {
    this.#idle = [...instances];
    this.#alive = instances.length;
  }

  /** For calls that block: the native side makes them wait for a run under way. */
  get any(): NativeInstance {
    const instance = this.#idle.at(-1) ?? this.instances[0];
    if (instance === undefined) throw new Error("A pool without instances.");
    return instance;
  }

  /** Runs `work` on an instance as soon as one is free. */
  async use<R>(work: (instance: NativeInstance) => Promise<R>): Promise<R> {
    const instance = this.#idle.pop() ?? (await this.#next());
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

  #next(): Promise<NativeInstance> {
    return new Promise((resolve) => this.#waiting.push(resolve));
  }

  #release(instance: NativeInstance): void {
    const next = this.#waiting.shift();
    if (next !== undefined) next(instance);
    else if (this.#closed === undefined) this.#idle.push(instance);
    else this.#free(instance);
  }

  #free(instance: NativeInstance): void {
    instance.dispose();
    if (--this.#alive === 0) this.#closed?.();
  }
}
