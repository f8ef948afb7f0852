import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, it } from "vitest";
import { packageFile } from "../../src/emit/package.js";
import { emitted, tinySpec } from "../emit/project.js";
import { runSim } from "../sim/compile.js";

const shared = ["abi/abi.cpp", "cuda/engine.cpp", "cuda/convolution.cu", "cuda/linear.cu"].map(
  (file) => packageFile("native", file),
);

/** Compiles an emitted network with a program around it; its lines as name and text. */
async function runNetwork(program: string): Promise<Readonly<Record<string, string>>> {
  const folder = mkdtempSync(join(tmpdir(), "incept-faults-"));
  try {
    const files = emitted(tinySpec, { target: "cuda-sim", precision: "f16", kind: "standalone" });
    for (const [name, text] of files) writeFileSync(join(folder, name), text);
    const own = [...files.keys()].filter((name) => /\.(cpp|cu)$/.test(name));
    const sources = [...shared, ...own.map((name) => join(folder, name)), program];
    const lines = await runSim(sources, [`-I${folder}`]);
    return Object.fromEntries(
      lines.map((line) => [line.split(": ")[0], line.slice(line.indexOf(": ") + 2)]),
    ) as Record<string, string>;
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

it("says where a device fails and what was tried, and goes on after it", async () => {
  const told = await runNetwork(packageFile("test", "cuda", "faults.cpp"));
  expect(told["no memory"]).toMatch(
    /^\[memory\/exhausted\] There is no room on the GPU for the arena for 8 images of Tiny, [\d.]+ MiB: .* are free/,
  );
  expect(told["no engine"]).toMatch(
    /^\[cuda\/no-engine\] stem\.1 \(conv 3x3 16 pad 1 relu\), conv 3x3, 1 x 2 x 6x5 .* f16, on .*: cuDNN has no engine for it; tried: as it lies; bias and activation apart/,
  );
  for (const name of ["model", "open after it", "run after that", "open", "run"]) {
    expect([name, told[name]]).toEqual([name, "ok"]);
  }
  expect(told["second GPU"]).toBe("[cuda/no-gpu] There is no GPU 1: one is simulated, 0.");
  expect(told["run that loses the GPU"]).toMatch(/^\[cuda\/lost\] /);
  expect(told["run after it"]).toMatch(/^\[cuda\/lost\] /);
  expect(told["open again"]).toBe("ok");
  expect(told["run again, the model gone"]).toBe("ok");
});
