import { InceptError } from "../diagnostics/incept-error.js";
import { visibleName } from "../diagnostics/visible.js";
import { damaged } from "./damage.js";
import type { Checkpoint, CheckpointTensor } from "./checkpoint.js";

/** A tensor whose values are read when somebody asks for them. */
export interface LazyTensor extends CheckpointTensor {
  /** As a checkpoint has it, where the file does not say which layer comes before it. */
  readonly unordered?: string | undefined;
  /**
   * The values in C order as f32.
   *
   * @param what the tensor as messages name it: `w.onnx: fc.weight`
   */
  read(what: string): Promise<Float32Array>;
}

/** In all names: a long one of a layer is in those of each of its tensors. */
const mostNames = 1 << 26;

/** A file whose directory is known, and whose tensors read themselves. */
export class LazyCheckpoint implements Checkpoint {
  readonly tensors: ReadonlyMap<string, LazyTensor>;

  /**
   * @param name the file as messages name it
   * @param close what the tensors are read from
   * @throws InceptError `weights/duplicate` for two tensors of one name, `weights/damaged` for names
   *   beyond any network's
   */
  constructor(
    readonly name: string,
    tensors: readonly LazyTensor[],
    readonly close: () => Promise<void>,
    readonly metadata: Readonly<Record<string, string>> = {},
    readonly framework?: Checkpoint["framework"],
  ) {
    const byName = new Map<string, LazyTensor>();
    let characters = 0;
    for (const tensor of tensors) {
      characters += tensor.name.length;
      if (characters > mostNames) {
        throw damaged(name, `the names of its tensors have over ${mostNames} characters`);
      }
      if (byName.has(tensor.name)) {
        const twice = `${name} has two tensors of the name ${visibleName(tensor.name)}.`;
        throw new InceptError("weights/duplicate", twice);
      }
      byName.set(tensor.name, tensor);
    }
    this.tensors = byName;
  }

  get unordered(): string | undefined {
    return [...this.tensors.values()].find(({ unordered }) => unordered !== undefined)?.unordered;
  }

  async readFloat32(name: string): Promise<Float32Array> {
    const what = `${this.name}: ${visibleName(name)}`;
    const tensor = this.tensors.get(name);
    if (tensor === undefined) throw new RangeError(`${what} is not there.`);
    if (tensor.unreadable !== undefined) {
      const { what: kind, help } = tensor.unreadable;
      throw new InceptError("weights/unreadable", `${what} is ${kind}.`, { help });
    }
    return tensor.read(what);
  }
}
