/**
 * `npm run judge:training -- NAME`: a network too large for the tests, trained on ten batches as PyTorch
 * trains it. Makes PyTorch's side first (minutes), unless `--fixture` names what was made before.
 */
import { execFileSync } from "node:child_process";
import { mkdtempSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { Command } from "commander";
import { judgeCompiled } from "../test/support/compiled-trainer.js";
import { QuickBuilder } from "../test/support/quick-build.js";
import { trainingFixture } from "../test/support/training-fixtures.js";

interface Flags {
  readonly python: string;
  readonly fixture?: string;
}

function madeBy(python: string, name: string): string {
  const folder = mkdtempSync(join(tmpdir(), "inceptc-judge-"));
  const script = "test/fixtures-torch/training/make_training.py";
  execFileSync(python, [script, "--out", folder, name], { stdio: "inherit" });
  return join(folder, `${name}.json`);
}

await new Command("npm run judge:training --")
  .description(
    "holds ten batches of training against PyTorch's, as the tests do for smaller networks",
  )
  .argument("<name>", "a case of test/fixtures-torch/training/make_training.py: inception-v3")
  .option("--python <path>", "one that has torch, torchvision and numpy", "python3")
  .option("--fixture <file>", "what make_training.py has written")
  .action(async (name: string, { python, fixture: made }: Flags) => {
    const file = resolve(made ?? madeBy(python, name));
    const fixture = trainingFixture(file);
    using builder = new QuickBuilder();
    const { losses, network } = fixture;
    const built = await builder.build(network, { passes: true, train: { losses, frozen: [] } });
    const misses = await judgeCompiled(fixture, built);
    for (const { what, distance, allowed } of misses) {
      process.stdout.write(
        `${what}: ${distance.toExponential(1)}, allowed ${allowed.toExponential(1)}\n`,
      );
    }
    const tensors = fixture.after.get(1)!.size;
    const verdict = misses.length === 0 ? "as PyTorch" : `${misses.length} are too far`;
    process.stdout.write(`${name}: ${tensors} tensors, ${fixture.batches} batches: ${verdict}\n`);
    if (misses.length > 0) process.exitCode = 1;
  })
  .parseAsync();
