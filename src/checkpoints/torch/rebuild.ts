/** What PyTorch's own functions make: tensors of storages, and those that are not read. */
import type { Unreadable } from "../checkpoint.js";
import { visibleName } from "../../diagnostics/visible.js";
import { dtypeBits, type Dtype } from "../dtype.js";
import { PickleMistake } from "./pickle-bytes.js";
import { Dict, Global, Mark, Storage, Tensor, Tuple, type Value } from "./values.js";

/** Of elements, by the names that torch has for them and for their storages. */
const types: Readonly<Record<string, readonly [storage: string, dtype: Dtype]>> = {
  float64: ["DoubleStorage", "F64"],
  float32: ["FloatStorage", "F32"],
  float16: ["HalfStorage", "F16"],
  bfloat16: ["BFloat16Storage", "BF16"],
  int64: ["LongStorage", "I64"],
  int32: ["IntStorage", "I32"],
  int16: ["ShortStorage", "I16"],
  int8: ["CharStorage", "I8"],
  uint8: ["ByteStorage", "U8"],
  bool: ["BoolStorage", "BOOL"],
  complex64: ["ComplexFloatStorage", "C64"],
  uint64: ["", "U64"],
  uint32: ["", "U32"],
  uint16: ["", "U16"],
  float8_e4m3fn: ["", "F8_E4M3"],
  float8_e5m2: ["", "F8_E5M2"],
};

const byStorage = new Map(Object.values(types).map(([storage, dtype]) => [storage, dtype]));
const byName = new Map(Object.entries(types).map(([name, [, dtype]]) => [name, dtype]));

/** Widths of elements that are not read: old files say of a storage how many it has, and not its bytes. */
const unreadWidths = new Map([
  ["ComplexDoubleStorage", 16],
  ["QInt8Storage", 1],
  ["QUInt8Storage", 1],
  ["QInt32Storage", 4],
  ["QUInt4x2Storage", 1],
  ["QUInt2x4Storage", 1],
]);

/** Bytes of an element of a storage that is not read, where it is known. */
export const unreadWidth = (type: Value): number | undefined =>
  type instanceof Global ? unreadWidths.get(type.name) : undefined;

/** The storage that a class is of, or a mark of one that nobody knows. */
export function storageOf(type: Value, key: string, length: number, start = 0): Value {
  if (!(type instanceof Global)) return new Mark("a storage of no class");
  if (type.name === "UntypedStorage") return new Storage(key, undefined, 1, length, start);
  const dtype = byStorage.get(type.name);
  if (dtype === undefined) return new Mark(type.path);
  return new Storage(key, dtype, dtypeBits[dtype] / 8, length, start);
}

const rebuilding: Readonly<Record<string, (args: readonly Value[]) => Value>> = {
  _rebuild_tensor: ([storage, offset, shape, stride]) => tensor(storage, offset, shape, stride),
  _rebuild_tensor_v2: ([storage, offset, shape, stride, , , metadata]) =>
    negated(metadata) ?? tensor(storage, offset, shape, stride),
  _rebuild_tensor_v3: ([storage, offset, shape, stride, , , dtype, metadata]) =>
    negated(metadata) ?? tensor(storage, offset, shape, stride, dtype),
  _rebuild_parameter: ([data = null]) => data,
  _rebuild_parameter_with_state: ([data = null]) => data,
  _rebuild_qtensor: () => unread("a quantized tensor", "save the network before it is quantized"),
  _rebuild_sparse_tensor: () => unread("a sparse tensor", "save what to_dense() makes of it"),
  _rebuild_sparse_csr_tensor: () => unread("a sparse tensor", "save what to_dense() makes of it"),
  _rebuild_nested_tensor: () => unread("a nested tensor", "save its tensors one by one"),
  _rebuild_meta_tensor_no_storage: () =>
    unread("a tensor without values (of the meta device)", "save the network with its weights"),
};

const unread = (what: string, help: string): Mark => new Mark("torch", { what, help });

/** A view whose bytes have the other sign, as of `torch.conj(c).imag`. */
const negated = (metadata: Value | undefined): Mark | undefined =>
  metadata instanceof Dict && metadata.entries.get("neg") === true
    ? unread("a negated view", "save what resolve_neg() makes of it")
    : undefined;

const dictionaries = /^(?:OrderedDict|defaultdict|dict)$/;

/** What a class or function makes of its arguments; of all that is not known here, a mark. */
export function made(callable: Global, args: Tuple): Value {
  const { module, name } = callable;
  if (/^(?:collections|__builtin__|builtins)$/.test(module) && dictionaries.test(name)) {
    return dictionary(args);
  }
  if (module === "torch" && name === "Size") return args.items[0] ?? new Tuple([]);
  if (module === "torch._tensor" && name === "_rebuild_from_type_v2") return ofType(args);
  if (module === "torch._utils" && Object.hasOwn(rebuilding, name)) {
    return rebuilding[name]!(args.items);
  }
  const [first] = args.items;
  // `copyreg._reconstructor(cls, object, None)` and `__newobj__(cls)` say of what an object is.
  const isObject = /^copy_?reg$/.test(module) && first instanceof Global;
  const of = isObject ? first.path : callable.path;
  const isTensor = /^_rebuild_.*tensor/.test(name) || /(?:^|\.)multiarray\._reconstruct$/.test(of);
  return isTensor ? new Mark(of, objectOf(of)) : new Mark(of);
}

/** What stands in the place of a tensor and is of somebody's own class. */
export const objectOf = (of: string): Unreadable => ({
  what: `an object of ${visibleName(of)}`,
  help: "save tensors alone: torch.save(model.state_dict(), FILE)",
});

/** A tensor with attributes is one; of a subclass nobody knows what it means. */
function ofType({ items }: Tuple): Value {
  const [callable, type, args] = items;
  const isPlain = type instanceof Global && /^(?:Tensor|Parameter)$/.test(type.name);
  // PyTorch never wraps one in another, which might go on without end.
  const isWrapped = callable instanceof Global && callable.name === "_rebuild_from_type_v2";
  if (isPlain && !isWrapped && callable instanceof Global && args instanceof Tuple) {
    return made(callable, args);
  }
  const of = type instanceof Global ? type.path : "a class of no name";
  return new Mark(of, objectOf(of));
}

/** Of no arguments, or of a list of pairs as Python 2 wrote them. */
function dictionary({ items: [pairs] }: Tuple): Value {
  const dict = new Dict();
  const list = pairs instanceof Tuple ? pairs.items : pairs;
  if (!Array.isArray(list)) return dict;
  for (const pair of list as readonly Value[]) {
    const [key, value] = pair instanceof Tuple ? pair.items : Array.isArray(pair) ? pair : [];
    if (key !== undefined && value !== undefined) dict.entries.set(key, value);
  }
  return dict;
}

/** PyTorch knows no tensor of more. */
const mostDimensions = 64;

function tensor(
  storage: Value | undefined,
  offset: Value | undefined,
  shape: Value | undefined,
  stride: Value | undefined,
  type?: Value,
): Value {
  // A storage of a kind that is not known is a mark, and so is a tensor of one.
  if (storage instanceof Mark) return new Mark(storage.of, objectOf(storage.of));
  const [sizes, strides] = [counts(shape), counts(stride)];
  const isWhole = storage instanceof Storage && isCount(offset) && sizes.length === strides.length;
  if (!isWhole) throw new PickleMistake("a tensor without storage, shape or strides", 0);
  const dtype = type instanceof Global ? byName.get(type.name) : storage.dtype;
  if (dtype === undefined) {
    const of = type instanceof Global ? type.path : "torch.UntypedStorage";
    return new Mark(of, objectOf(of));
  }
  const width = type === undefined ? storage.width : dtypeBits[dtype as Dtype] / 8;
  return new Tensor(storage, dtype, width, offset, sizes, strides);
}

export const isCount = (value: Value | undefined): value is number =>
  typeof value === "number" && Number.isSafeInteger(value) && value >= 0;

function counts(value: Value | undefined): readonly number[] {
  const items: readonly Value[] | undefined = value instanceof Tuple ? value.items : undefined;
  if (items !== undefined && items.length <= mostDimensions && items.every(isCount)) return items;
  throw new PickleMistake("sizes that are none", 0);
}
