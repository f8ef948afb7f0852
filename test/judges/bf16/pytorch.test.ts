/** bf16 beside PyTorch's: no further from double precision than torch.bfloat16 is (make_bf16.py). */
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterAll, expect, test } from "vitest";
import { openSafetensors } from "../../../src/checkpoints/open.js";
import { hostLevel, levelsOfArch } from "../../../src/targets/cpu/level.js";
import { relativeL2 } from "../../support/compare.js";
import { networkOf } from "../../support/network.js";
import { QuickBuilder } from "../../support/quick-build.js";

const spec = `
defaults { conv { act: relu } }
model Judged {
  input x: f32[3, 21, 26]
  stem: conv(3x3/2, 24, pad: 1)
  mixed: concat {
    one:    conv(1x1, 16)
    three:  conv(1x1, 8) -> conv(3x3, 20, pad: same)
    five:   conv(1x1, 4) -> conv(5x5, 8, pad: same)
    pooled: maxpool(3x3/1, pad: same) -> conv(1x1, 12)
  }
  output y: globalavgpool -> linear(10) as fc
}
`;

const builder = new QuickBuilder();
afterAll(() => builder[Symbol.dispose]());

const known = levelsOfArch("bf16");

test.each(known.slice(known.indexOf(hostLevel("bf16"))))(
  "%s is as near to double precision as PyTorch's bf16",
  { timeout: 600_000 },
  async (level) => {
    const folder = dirname(fileURLToPath(import.meta.url));
    const file = await openSafetensors(join(folder, "inception.safetensors"));
    const tensors = new Map<string, Float32Array>();
    for (const name of file.tensors.keys()) tensors.set(name, await file.readFloat32(name));
    await file.close();
    const built = await builder.build(networkOf(spec), { passes: true, precision: "bf16", level });
    const y = (await built.run(tensors.get("x")!, tensors)).get("y")!;
    const exact = tensors.get("exact")!;
    const theirs = relativeL2(tensors.get("half")!, exact);
    const ours = relativeL2(y, exact);
    expect(ours).toBeLessThan(1.2 * theirs);
    // It is bf16: f32 comes to some 1e-7.
    expect(ours).toBeGreaterThan(1e-4);
  },
);
