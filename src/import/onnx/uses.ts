import type { FileNode, GraphFile } from "./decode/model.js";
import { namesRead } from "./names.js";

/** Who reads what in a file. */
export class Uses {
  private readonly readers = new Map<string, FileNode[]>();
  private readonly outputs: ReadonlySet<string>;

  /** @param nodes those that outputs hang on */
  constructor(nodes: readonly FileNode[], { outputs }: Pick<GraphFile, "outputs">) {
    this.outputs = new Set(outputs.map(({ name }) => name));
    for (const node of nodes) {
      for (const name of namesRead(node)) {
        const known = this.readers.get(name);
        if (known === undefined) this.readers.set(name, [node]);
        else known.push(node);
      }
    }
  }

  /** The only node that reads the only result of another. */
  after({ outputs }: FileNode): FileNode | undefined {
    const [result = "", ...more] = outputs;
    const readers = this.readers.get(result) ?? [];
    const isInner = readers.length === 1 && more.length === 0 && !this.outputs.has(result);
    return isInner ? readers[0] : undefined;
  }
}
