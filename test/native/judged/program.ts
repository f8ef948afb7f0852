/** A C++ program that runs kernels on numbers from a file, by the calls that they are lowered to. */
import { layerTable } from "../../../src/emit/layers.js";
import { Names } from "../../../src/emit/names.js";
import type { Value } from "../../../src/graph/value.js";
import type { Layout } from "../../../src/kernels/layout.js";
import type { BoundWay } from "../../../src/kernels/kernel.js";
import { channels, elements } from "../../../src/ops/shape.js";
import type { Plan } from "../../../src/plan/plan.js";
import type { CpuKernel, CpuLowering } from "../../../src/targets/cpu/kernel.js";
import { CpuNode, type Instruction, nothing } from "../../../src/targets/cpu/node.js";
import type { Places } from "../../../src/targets/cpu/places.js";
import { LayerTable } from "../../../src/targets/layers.js";
import type { Drawn } from "./nodes.js";

/** A kernel and the node that it computes. */
export interface Judged extends Drawn {
  readonly kernel: CpuKernel;
  readonly way: BoundWay<CpuLowering>;
}

const types = { f32: "float", i32: "std::int32_t", u8: "std::uint8_t" } as const;

/** Reads the operands of each in turn from one file and writes their results to the other. */
export function programOf(all: readonly Judged[], input: string, output: string): string {
  const table = new LayerTable();
  const names = new Names({ inputs: [], outputs: [] });
  const cases = all.map((judged, i) => new Case(judged, `case_${i}`, table, names));
  const headers = new Set(cases.flatMap(({ headers }) => headers));
  const bodies = cases.map((one) => one.text());
  return [
    ...[...headers].sort().map((header) => `#include "${header}"`),
    '#include "judged/judge.hpp"',
    '#include "layers/training.hpp"',
    "namespace incept::layer {",
    ...layerTable(table.layers, names),
    "}",
    "using namespace incept;",
    "using namespace incept::cpu;",
    ...bodies,
    "int main() {",
    `  std::FILE* in = std::fopen(${JSON.stringify(input)}, "rb");`,
    `  std::FILE* out = std::fopen(${JSON.stringify(output)}, "wb");`,
    ...cases.map(({ name }) => `  ${name}(in, out);`),
    "  return std::fclose(out);",
    "}",
  ].join("\n");
}

class Case {
  private readonly instructions: readonly Instruction[];

  constructor(
    private readonly judged: Judged,
    readonly name: string,
    table: LayerTable,
    private readonly names: Names,
  ) {
    const { kernel, node, way } = judged;
    const cx = new CpuNode(
      // All that a node has is of the batch here, so that it has no place in a plan.
      {} as Plan,
      table,
      { node, moment: { index: 0, level: 0 }, level: 0 } as never,
      node,
      this.places(),
      kernel.reference,
    );
    this.instructions = way.lower(cx, node);
  }

  get headers(): readonly string[] {
    return this.instructions.flatMap((each) => (each.kind === "call" ? [each.header] : []));
  }

  text(): string {
    const { node, way, kernel } = this.judged;
    const operands = [
      ...node.inputs.map((value, i) => this.declared(value, way.inputs[i]!)),
      ...Object.values(node.weights).map((value) => this.declared(value, { kind: "planar" })),
    ];
    const results = node.outputs.map((value, i) => this.declared(value, way.outputs[i]!));
    const title = JSON.stringify(`${kernel.name} (${this.name})`);
    const list = node.outputs.map((value) => this.of(value)).join(", ");
    return [
      `namespace value {`,
      ...[...operands, ...results].map((one) => `static ${one}`),
      `}`,
      `static void ${this.name}(std::FILE* in, std::FILE* out) {`,
      ...[...node.inputs, ...Object.values(node.weights)].map((v) => `  ${this.of(v)}.read(in);`),
      `  const auto kernel = [](Member& t) {`,
      ...this.calls(),
      `  };`,
      `  judge::run(${title}, out, kernel, ${list});`,
      ...this.overwriting(title),
      `}`,
    ].join("\n");
  }

  /** Where its primitive says so, the same once more over each operand that is like the result. */
  private overwriting(title: string): readonly string[] {
    const { node, way } = this.judged;
    const [result] = node.outputs;
    if (!node.primitive.inPlace) return [];
    return node.inputs.flatMap((value, i) => {
      const alike =
        value.extent === result!.extent &&
        elements(value.shape) === elements(result!.shape) &&
        way.inputs[i]!.kind === way.outputs[0]!.kind;
      if (!alike) return [];
      const over = this.of(value);
      const others = node.outputs.slice(1).map(this.of);
      return [
        `  {`,
        `    const auto kept = ${over};`,
        `    const auto expected = ${this.of(result!)}.planar();`,
        `    judge::run_over(${title}, [](Member& t) {`,
        ...this.calls().map((line) => line.replaceAll(this.of(result!), over)),
        `    }, ${[over, "expected", ...others].join(", ")});`,
        `    ${over} = kept;`,
        `  }`,
      ];
    });
  }

  private calls(): readonly string[] {
    const lines = this.instructions.map((each) =>
      each.kind === "call" ? this.names.call(each, ["t"]) : "  t.barrier();",
    );
    if (this.judged.kernel.wholeBatch) {
      return ["  const auto run = [](auto& value) -> auto& { return value; };", ...lines];
    }
    return [
      `  for (int image = 0; image < ${this.judged.n}; ++image) {`,
      "  const auto i = [image](auto& value) { return value(image % value.images()); };",
      ...lines,
      "  }",
    ];
  }

  private readonly of = (value: Value): string => `value::${this.name}_${value.name}`;

  private declared({ name, shape, dtype, extent }: Value, { kind }: Layout): string {
    const images = extent === "image" ? this.judged.n : 1;
    const count = channels(shape);
    const place = [images, count, elements(shape) / count, kind === "blocked"];
    return `judge::Value<${types[dtype]}> ${this.name}_${name}({${place.join(", ")}});`;
  }

  private places(): Places {
    const by = this.judged.kernel.wholeBatch ? "batch" : "image";
    return {
      of: ({ name, dtype }) => ({
        kind: "place",
        by,
        place: { name: `${this.name}_${name}`, type: "ImageValue", dtype, numbers: [] },
      }),
      output: () => nothing,
      scratch: () => nothing,
    };
  }
}
