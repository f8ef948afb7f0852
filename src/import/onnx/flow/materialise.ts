/** A tensor that lies otherwise than its value, as a value of its own. */
import type { Value } from "../../../graph/value.js";
import type { NoAttrs } from "../../../ops/elementwise.js";
import { flatten } from "../../../ops/flatten.js";
import { isImage } from "../../../ops/shape.js";
import { shuffle } from "../../../ops/shuffle.js";
import type { FileNode } from "../decode/model.js";
import type { GraphBuilder } from "../graph-builder.js";
import {
  type Dim,
  isBatch,
  isNatural,
  merged,
  natural,
  sameDim,
  wholeAxis,
} from "./arrangement.js";
import type { Flow } from "./flow.js";
import { asPoint, type Points } from "./point.js";

export class Materialiser {
  /** Each is made once, however often it is read. */
  private readonly known = new Map<Value, Map<string, Value>>();

  private readonly points: Points = new Map();

  constructor(private readonly builder: GraphBuilder) {}

  /**
   * The value that a tensor is, with the nodes that make it of the one under it; undefined where
   * nothing in the language does.
   */
  valueOf(flow: Flow, about: FileNode): Value | undefined {
    const { value, arrangement } = flow;
    if (isNatural(arrangement, value.shape)) return value;
    const key = JSON.stringify(arrangement);
    const known = this.known.get(value) ?? new Map<string, Value>();
    this.known.set(value, known);
    const made = known.get(key) ?? this.make(flow, about);
    if (made !== undefined) known.set(key, made);
    return made;
  }

  private make({ value, arrangement }: Flow, about: FileNode): Value | undefined {
    const [images = [], ...dims] = arrangement;
    if (images.length !== 1 || !isBatch(images[0]!)) return undefined;
    const own = natural(value.shape, images[0]!.size).slice(1);
    if (dims.length === 1) {
      const channels = dims[0]!.filter(({ axis }) => axis === 1);
      const turned = this.turned(value, merged(channels), about);
      const whole = [...channels, ...own.slice(1).flat()];
      if (turned === undefined || !sameDim(dims[0]!, whole)) return undefined;
      return isImage(value.shape)
        ? this.builder.node<NoAttrs>(flatten, [turned], {}, about)
        : turned;
    }
    if (dims.length !== 3) return undefined;
    const [channels = [], ...plane] = dims;
    if (isImage(value.shape)) {
      const keeps = plane.every((dim, i) => sameDim(dim, own[i + 1]!));
      return keeps ? this.turned(value, channels, about) : undefined;
    }
    if (plane.some((dim) => dim.length > 0)) return undefined;
    const turned = this.turned(value, channels, about);
    return turned && asPoint(this.builder, turned, about, this.points);
  }

  /** The channels in another order; only that of a shuffle has a word. */
  private turned(value: Value, channels: Dim, about: FileNode): Value | undefined {
    if (sameDim(channels, wholeAxis(1, value.shape[0]!))) return value;
    const [slow, fast, ...more] = channels;
    if (slow?.size === undefined || fast?.size === undefined || more.length > 0) return undefined;
    const isTable = slow.stride === 1 && fast.stride === slow.size;
    if (!isTable || slow.size * fast.size !== value.shape[0]) return undefined;
    return this.builder.node(shuffle, [value], { groups: fast.size }, about);
  }
}
