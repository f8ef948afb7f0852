import type { ByteSource } from "./bytes.js";
import type { NamedShape } from "./named-shape.js";

/** A tensor of a checkpoint, of whatever kind the file is. */
export interface CheckpointTensor extends NamedShape {
  /** As safetensors calls it, `F32`, `F16`, `BF16`, `F64`, `I64`; else as the file does. */
  readonly dtype: string;
  /** Of a tensor that is not read and harms nobody who does not ask for it. */
  readonly unreadable?: Unreadable;
}

export interface Unreadable {
  /** With an article: `a quantized tensor`. */
  readonly what: string;
  readonly help: string;
}

/**
 * An open file of named tensors whose directory has been read and found consistent. Tensors are read
 * one by one, so those that nobody asks for cost nothing, however large they are.
 */
export interface Checkpoint {
  /** The file, as messages name it. */
  readonly name: string;
  /** By name, in the order of the file. Linear weights are out, in; convolutions out, in, h, w. */
  readonly tensors: ReadonlyMap<string, CheckpointTensor>;
  readonly metadata: Readonly<Record<string, string>>;
  /** Whose file it is, where that says how its networks are mostly trained. */
  readonly framework?: "Caffe" | "PyTorch" | undefined;
  /** Why the order of its tensors is none of a network: `has its tensors sorted by name`. */
  readonly unordered?: string | undefined;
  /**
   * A tensor's values in C order, rounded to f32.
   *
   * @throws RangeError if the file has no such tensor
   * @throws InceptError `weights/dtype` unless they can be converted, `weights/unreadable`,
   *   `memory/exhausted`, and of `weights/` what is wrong with the bytes
   */
  readFloat32(name: string): Promise<Float32Array>;
  /** Where a tensor's values lie as `readFloat32` gives them, if they do: who reads them needs no copy. */
  place?(name: string): FilePlace | undefined;
  close(): Promise<void>;
}

/** Numbers of f32 in a file, little-endian and dense in C order. */
export interface FilePlace {
  /** The file, which is open as long as the checkpoint is. */
  readonly descriptor: number;
  /** In bytes. */
  readonly position: number;
}

export interface ReadOptions {
  /** Where the file was found, as the caller wrote it; absent for bytes in memory. */
  readonly path?: string | undefined;
  /** Which of the file's dictionaries the tensors are taken from: `model`, `ema.state_dict`. */
  readonly key?: string | undefined;
}

/** Reads the directory of one kind of file; the checkpoint closes the source. */
export type CheckpointReader = (source: ByteSource, options: ReadOptions) => Promise<Checkpoint>;
