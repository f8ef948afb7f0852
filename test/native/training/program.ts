/** A C++ program that calls the kernel of each case, by what the compiler would emit of it. */
import { layerTable, numbersTable } from "../../../src/emit/layers.js";
import { Names } from "../../../src/emit/names.js";
import type { Node } from "../../../src/graph/graph.js";
import type { Value } from "../../../src/graph/value.js";
import type { Plan, PlannedNode } from "../../../src/plan/plan.js";
import type { CpuKernel } from "../../../src/targets/cpu/kernel.js";
import { CpuNode, nothing } from "../../../src/targets/cpu/node.js";
import { LayerTable } from "../../../src/targets/layers.js";
import type { Call } from "../../../src/targets/program.js";
import type { Arenas } from "./arenas.js";
import { touchesImages } from "./nodes.js";

export interface KernelCase {
  readonly kernel: CpuKernel;
  readonly node: Node;
  readonly batch: number;
  readonly arenas: Arenas;
}

const types = { f32: "float", i32: "std::int32_t", u8: "std::uint8_t" } as const;

/** @param files what the arenas are given in, and where they are written to, by their paths */
export function programOf(cases: readonly KernelCase[], files: readonly [string, string]): string {
  const table = new LayerTable();
  const names = new Names({ inputs: [], outputs: [] });
  const calls = cases.map((one) => callsOf(one, table));
  const headers = [...new Set(calls.flat().map(({ header }) => header))].sort();
  const values = cases.flatMap(({ arenas }) => [...arenas.places.values()]);
  return [
    ...["training/judge.hpp", ...headers].map((header) => `#include "${header}"`),
    "using namespace incept;",
    "using namespace incept::cpu;",
    "namespace layer {",
    ...layerTable(table.layers, names),
    "}",
    "namespace constant {",
    ...numbersTable(table.allNumbers, names),
    "}",
    "namespace value {",
    ...values.map(
      ({ type, dtype, name, numbers }) =>
        `constexpr ${type}<${types[dtype]}> ${names.values.of(name)} = {${numbers.join(", ")}};`,
    ),
    "}",
    ...cases.map((one, i) => functionOf(one, calls[i]!, names, i)),
    "int main() {",
    `  Judge judge(${files.map((file) => JSON.stringify(file)).join(", ")});`,
    ...cases.map((_, i) => `  case_${i}(judge);`),
    "}",
  ].join("\n");
}

/** What of the node is made for each image, and what once for all. */
function functionOf(
  { kernel, node, batch, arenas }: KernelCase,
  calls: readonly Call[],
  names: Names,
  index: number,
): string {
  const body = calls.map((call) => names.call(call, ["t"])).join("\n");
  const each = isByImage(kernel, node)
    ? `each_image(t, run, [&](Member& t, const auto& i) {\n${body}\n});`
    : body;
  const sizes = [batch, arenas.imageBytes, arenas.batchBytes].join(", ");
  return `static void case_${index}(Judge& judge) {
  judge.run(${sizes}, [](Member& t, const BatchRun& run) {
${each}
  });
}`;
}

const isByImage = ({ wholeBatch }: CpuKernel, node: Node): boolean =>
  !wholeBatch && touchesImages(node);

function callsOf({ kernel, node, arenas }: KernelCase, table: LayerTable): readonly Call[] {
  const by = isByImage(kernel, node) ? "image" : "batch";
  const of = (value: Value) =>
    ({ kind: "place", by, place: arenas.places.get(value)! }) as const;
  const places = { of, output: () => nothing, scratch: () => nothing };
  // Of a plan only places are asked for, and weights, which are values of the batch here.
  const cx = new CpuNode({} as Plan, table, {} as PlannedNode, node, places, true);
  const offer = kernel.offer(node, { level: "baseline" });
  if ("refused" in offer) throw new Error(`${kernel.name} refuses: ${offer.refused}`);
  return offer.ways[0]!.lower(cx, node).filter((each) => each.kind === "call");
}
