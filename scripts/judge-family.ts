/**
 * `npm run judge:family -- NAME…`: networks of the family, compiled, against what independent
 * implementations make of the same weights and image, stage by stage. The tests hold the specs against
 * them through ONNX Runtime, which needs no build.
 */
import { Command, Option } from "commander";
import { buildGraph } from "../src/graph/build.js";
import { loadModel } from "../src/runtime/load.js";
import { float32Tensor, writeSafetensors } from "../src/checkpoints/safetensors/write.js";
import { parametersOf } from "../src/graph/graph.js";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { family, familyFixture, familyNetwork, farStages } from "../test/support/family.js";

/** A spec with other texts in it is judged by the tests alone. */
const built = family.filter((name) => familyFixture(name).replaced === undefined);

interface Flags {
  readonly target: "cpu" | "cuda" | "cuda-sim";
}

/** The stages that are too far, and how many there are; auxiliary heads are no part of an inference build. */
async function judged(
  name: string,
  { target }: Flags,
): Promise<[far: readonly string[], of: number]> {
  const fixture = familyFixture(name);
  const network = familyNetwork(fixture);
  const heads = network.members.filter(({ kind }) => kind === "aux").map((head) => head.name);
  const inference = [...fixture.stages].filter(([path]) => !heads.includes(path.split(".")[0]!));
  const stages = new Map(inference);
  const graph = buildGraph(network);
  const weights = fixture.weights(graph);
  const folder = mkdtempSync(join(tmpdir(), "inceptc-judge-"));
  try {
    const file = join(folder, "weights.safetensors");
    const tensors = parametersOf(graph).map(
      (parameter) =>
        [parameter.name, float32Tensor(parameter.shape, weights.get(parameter.name)!)] as const,
    );
    await writeSafetensors(file, new Map(tensors));
    const net = await loadModel(fixture.spec, { target });
    await using model = await net.load({ weights: file, tap: [...stages.keys()] });
    const outputs: Record<string, Float32Array> = await model.run({
      [graph.inputs[0]!.name]: fixture.image(graph),
    });
    return [farStages({ ...fixture, stages }, new Map(Object.entries(outputs))), stages.size];
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

await new Command("npm run judge:family --")
  .description("holds compiled networks of the family against independent implementations")
  .argument("[names...]", `of ${built.join(", ")}; all unless named`)
  .addOption(
    new Option("--target <target>", "what to compile for")
      .choices(["cpu", "cuda", "cuda-sim"])
      .default("cpu"),
  )
  .action(async (names: readonly string[], flags: Flags) => {
    const unknown = names.find((name) => !built.includes(name));
    if (unknown !== undefined) throw new RangeError(`There is no fixture of ${unknown}.`);
    for (const name of names.length > 0 ? names : built) {
      const [far, of] = await judged(name, flags);
      const verdict = far.length === 0 ? "as computed elsewhere" : `${far.length} are too far`;
      process.stdout.write([...far, `${name}: ${of} stages: ${verdict}`, ""].join("\n"));
      if (far.length > 0) process.exitCode = 1;
    }
  })
  .parseAsync();
