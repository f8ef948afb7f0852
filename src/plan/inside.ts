/**
 * Operands of a concat that begin inside of a block of channels, where others of its operands lie, too:
 *
 *     y = concat (a: 24 channels, b: 8)         in blocks of 16:  [aaaaaaaaaaaaaaaa | aaaaaaaabbbbbbbb]
 *
 * Kernels that keep to their own channels may write them at the same time. The others store whole blocks:
 * what lies before b in its block must then have been written, and read by all but this concat, before
 * b's kernel begins. So must any reader of it, since it reads b's lanes along.
 */
import { isNode, type Graph, type Node, operandsOf } from "../graph/graph.js";
import { outputValues, producersOf, readersOf } from "../graph/rewrite.js";
import type { Value } from "../graph/value.js";
import { slice } from "../ops/joins/concat.js";
import { channels } from "../ops/shape.js";
import type { LayoutRule, View } from "./plan.js";
import { startsOf } from "./starts.js";

export class Insides {
  private readonly readers: ReadonlyMap<Value, readonly Node[]>;
  private readonly producers: ReadonlyMap<Value, Node>;
  private readonly returned: ReadonlySet<Value>;

  constructor(
    graph: Graph,
    private readonly rule: Pick<LayoutRule, "sliceStarts" | "keepsToChannels">,
    private readonly views: ReadonlyMap<Value, View>,
  ) {
    this.readers = readersOf(graph);
    this.producers = producersOf(graph);
    this.returned = outputValues(graph);
  }

  /** Why the operand cannot begin at its channel, which is inside of a block. */
  obstacle(join: Node, index: number): string | undefined {
    const operand = join.inputs[index]!;
    const channel = startsOf(join.inputs)[index]!;
    const maker = this.producers.get(operand)!;
    if (!this.keepsToChannels(operand))
      return `no slice that ${maker.primitive.name} writes can start at channel ${channel}`;
    const where = `channel ${channel} is inside of a block`;
    if (!this.isReadBy(operand, join)) return `${where}, and others read it`;
    const over = this.behind(maker);
    const other = this.before(join, index).find(
      (each) => !this.keepsApart(each, join) && !this.isOver(each, join, over),
    );
    return other && `${where}, which ${other.name} may fill at the same time`;
  }

  /** The operand, and those in its block that may be written at the same time. */
  keptApart(join: Node, index: number): readonly Value[] {
    const before = this.before(join, index).filter((each) => this.keepsApart(each, join));
    return [join.inputs[index]!, ...before];
  }

  /** The operands in place that lie before it in its block. */
  private before(join: Node, index: number): readonly Value[] {
    const starts = startsOf(join.inputs);
    const [into] = join.outputs;
    let first = starts[index]!;
    while (!this.rule.sliceStarts(first, into!.shape)) first--;
    return join.inputs.slice(0, index).filter((other, i) => {
      const { of, channel } = this.views.get(other) ?? {};
      const isHere = of === into && channel === starts[i];
      return isHere && starts[i]! + channels(other.shape) > first;
    });
  }

  /** Whether nothing but its own lanes is written for it, and none read before the concat. */
  private keepsApart(value: Value, join: Node): boolean {
    return this.keepsToChannels(value) && this.isReadBy(value, join);
  }

  private keepsToChannels(value: Value): boolean {
    const maker = this.producers.get(value);
    return maker !== undefined && this.rule.keepsToChannels?.(maker) === true;
  }

  /** By that concat alone, and once. */
  private isReadBy(value: Value, join: Node): boolean {
    const [reader, ...others] = this.readers.get(value) ?? [];
    return reader === join && others.length === 0 && !this.returned.has(value);
  }

  /** Whether all that write the value or a part of it, and all that read it but for the concat, are among these. */
  private isOver(value: Value, join: Node, nodes: ReadonlySet<Node>): boolean {
    const maker = this.producers.get(value);
    if (maker === undefined || !nodes.has(maker) || this.returned.has(value)) return false;
    const readers = this.readers.get(value)!.filter((reader) => reader !== join);
    // A slice lies where the value does, and has readers of its own.
    if (!readers.every((reader) => nodes.has(reader) && !isNode(reader, slice))) return false;
    return maker.inputs
      .filter((inner) => this.views.get(inner)?.of === value)
      .every((inner) => this.isOver(inner, maker, nodes));
  }

  /** All that the node waits for. */
  private behind(node: Node): ReadonlySet<Node> {
    const found = new Set<Node>();
    const visit = (of: Node): void => {
      for (const value of operandsOf(of)) {
        const maker = this.producers.get(value);
        if (maker === undefined || found.has(maker)) continue;
        found.add(maker);
        visit(maker);
      }
    };
    visit(node);
    return found;
  }
}
