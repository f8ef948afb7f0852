import { mkdirSync, writeFileSync } from "node:fs";
import { dirname } from "node:path";
import { expect, it } from "vitest";
import { describeGpu, examineGpu } from "../../src/build/health/gpu-health.js";
import { Folder } from "./folder.js";

it("describes a GPU as the driver's tool shows it", () => {
  expect(describeGpu("NVIDIA H100 80GB HBM3, 9.0, 580.65.06")).toBe(
    "NVIDIA H100 80GB HBM3 (sm_90, driver 580.65.06)",
  );
  expect(describeGpu("Tesla T4, 7.5, 550.1")).toContain("older than the sm_80 that is needed");
});

it("tells what each library lacks, and refuses a file that is none", () => {
  using folder = new Folder();
  const file = folder.file("cudnn", "lib", "libcudnn.so.9");
  mkdirSync(dirname(file), { recursive: true });
  writeFileSync(file, "not a library");
  const findings = examineGpu({ CUDNN_PATH: folder.file("cudnn"), PATH: folder.path });
  const cudnn = findings.find(({ name }) => name === "cuDNN 9")!;
  expect(cudnn.found).not.toBe(file);
  if (!cudnn.ok) expect(cudnn.help).toContain("nvidia-cudnn-cu13");
});
