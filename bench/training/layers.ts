/**
 * `npm run bench:training-layers -- NETWORK`: what each node of a training batch takes at best, forward
 * and backward, the slowest first, and together by what it is. A barrier stands after each: nodes
 * that would run side by side are timed by themselves.
 */
import { execFile } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { parseArgs, promisify } from "node:util";
import { trainRequestOf } from "../../src/build/choose/train-request.js";
import { variantOf } from "../../src/build/choose/variant.js";
import { writeFiles } from "../../src/build/disk/files.js";
import { nativeFiles } from "../../src/build/project/native-files.js";
import { projectOf } from "../../src/build/project/project.js";
import type { BuildRequest } from "../../src/build/request.js";
import type { Training } from "../../src/emit/project.js";
import { renderProject } from "../../src/emit/render.js";
import { checkFile } from "../../src/model/check-file.js";
import { hostLevel, kernelFlags } from "../../src/targets/cpu/level.js";
import type { BatchSection } from "../../src/targets/program.js";
import { filesBelow } from "../../scripts/commands.js";
import { table } from "../table.js";

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    batch: { type: "string", default: "16" },
    threads: { type: "string", default: "2" },
    runs: { type: "string", default: "10" },
    rows: { type: "string", default: "25" },
  },
});
const run = promisify(execFile);
const here = dirname(fileURLToPath(import.meta.url));
const network = positionals[0] ?? "cifar-inception";
const spec = `examples/${network}/${network}.incept`;
const folder = mkdtempSync(join(tmpdir(), "incept-layers-"));
try {
  const checked = checkFile(spec).network!;
  const directory = join(folder, "project");
  const request = {
    spec,
    network: checked,
    target: "cpu",
    train: trainRequestOf(checked),
  } as const;
  const sections = emit(request, directory);
  const program = await compiled(directory);
  const { stdout } = await run(program, [values.batch, values.threads, values.runs]);
  const times = stdout.trim().split("\n").map(Number);
  print(sections.map(({ paths, what }, i) => ({ milliseconds: times[i]!, path: paths[0]!, what })));
} finally {
  rmSync(folder, { recursive: true, force: true });
}

interface Timed {
  readonly milliseconds: number;
  readonly path: string;
  readonly what: string;
}

/** Writes the project, and gives the sections of its training in their order. */
function emit(request: BuildRequest, directory: string): readonly BatchSection[] {
  const variant = variantOf(request);
  const project = projectOf(request, variant);
  const training = project.training!;
  const sections = training.program.run.filter((item) => "instructions" in item);
  const apart = sections.flatMap((section, i): Training["program"]["run"] =>
    i === 0 ? [section] : [{ kind: "barrier" }, section],
  );
  const files = renderProject(
    { ...project, training: { ...training, program: { ...training.program, run: apart } } },
    "standalone",
  );
  writeFiles(directory, new Map([...files, ...nativeFiles("standalone", "cpu")]));
  return sections;
}

/** The emitted program with layers.cpp in the place of the engine. */
async function compiled(directory: string): Promise<string> {
  const own = filesBelow([join(directory, "training")], [".cpp"]);
  const flags = [
    "-std=c++17",
    ...kernelFlags(hostLevel()),
    `-I${directory}/native`,
    `-I${directory}`,
  ];
  const sources = [...own, join(here, "layers.cpp")];
  const objects = sources.map((_, i) => join(folder, `${i}.o`));
  const queue = sources.map((source, i) => ["-c", source, "-o", objects[i]!]);
  const worker = async (): Promise<void> => {
    for (let next = queue.shift(); next !== undefined; next = queue.shift()) {
      await run("c++", [...flags, ...next]);
    }
  };
  await Promise.all([worker(), worker()]);
  const program = join(folder, "layers");
  await run("c++", [...objects, "-pthread", "-o", program]);
  return program;
}

/** `conv 3x3 64 …` and `conv-weight-gradient …` by their first word. */
function print(levels: readonly Timed[]): void {
  const total = levels.reduce((sum, { milliseconds }) => sum + milliseconds, 0);
  const share = (milliseconds: number): string[] => [
    milliseconds.toFixed(2),
    `${((100 * milliseconds) / total).toFixed(1)} %`,
  ];
  const kinds = new Map<string, number>();
  for (const { milliseconds, what } of levels) {
    const kind = what.split(" ")[0]!;
    kinds.set(kind, (kinds.get(kind) ?? 0) + milliseconds);
  }
  const slowest = [...levels].sort((a, b) => b.milliseconds - a.milliseconds);
  const byTime = [...kinds].sort(([, a], [, b]) => b - a);
  process.stdout.write(
    `${network}, batch ${values.batch}, ${values.threads} threads: ${total.toFixed(1)} ms forward and backward\n\n` +
      `${table(
        ["ms", "share", "all of"],
        byTime.map(([kind, milliseconds]) => [...share(milliseconds), kind]),
      )}\n\n${table(
        ["ms", "share", "step", "node"],
        slowest
          .slice(0, Number(values.rows))
          .map(({ milliseconds, path, what }) => [...share(milliseconds), path, what]),
      )}\n`,
  );
}
