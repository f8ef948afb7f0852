/** `inceptc train` as a user runs it: one tiny network, compiled once. */
import {
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  writeFileSync,
} from "node:fs";
import { mkdtempSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { inceptc } from "../../support/cli.js";
import { Random } from "../../support/random.js";
import {
  pictures,
  resultOf,
  trainBeside,
  trainTiny,
  writeTraining,
} from "../../support/training-run.js";

const folder = mkdtempSync(join(tmpdir(), "incept-train-"));
const train = (...args: readonly string[]): ReturnType<typeof inceptc> =>
  inceptc([...trainTiny, ...args], { cwd: folder });
const inRun = (run: string, name: string): string => join(folder, run, name);
const read = (run: string, name: string): string => readFileSync(inRun(run, name), "utf8");

let first: ReturnType<typeof inceptc>;
beforeAll(() => {
  writeTraining(folder);
  first = train();
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

describe("a run", () => {
  test("tells a row an epoch where there is no terminal, and leaves all in its folder", () => {
    expect(first.status, first.stderr).toBe(0);
    const rows = first.stdout.split("\n");
    const epoch =
      /^epoch \d\/4 {2}loss \d\.\d+ {2}val loss \d\.\d+ {2}top-1 \d+\.\d % {2}lr 0\.01 {2}\d+ s( {2}best)?$/;
    for (const row of rows.slice(0, 4)) expect(row).toMatch(epoch);
    expect(rows[4]).toMatch(/^✔ 4 epochs; best: epoch \d, top-1 \d+\.\d % in validation$/);
    expect(rows.slice(5).join("\n")).toBe(
      `  runs/Tiny/weights.safetensors  the weights
  runs/Tiny/curves.svg           the curves
  runs/Tiny/curves.csv           their numbers
  runs/Tiny/last.checkpoint      all that training goes on from
  inceptc predict tiny.incept --weights runs/Tiny/weights.safetensors IMAGE…
  inceptc eval tiny.incept --weights runs/Tiny/weights.safetensors --data PATH
`,
    );
    expect(first.stdout + first.stderr).not.toContain("\u001b");
    expect(readdirSync(join(folder, "runs/Tiny")).sort()).toEqual([
      "best.checkpoint",
      "curves.csv",
      "curves.svg",
      "last.checkpoint",
      "run.json",
      "weights.safetensors",
    ]);
    const csv = read("runs/Tiny", "curves.csv").split("\n");
    expect(csv[0]).toBe(
      "epoch,steps,train_loss,train_accuracy,validation_loss,validation_top1,validation_top5,learning_rate,seconds",
    );
    expect(csv.slice(1).map((row) => row.split(",").slice(0, 2).join())).toEqual([
      ...["1,5", "2,10", "3,15", "4,20", ""],
    ]);
    expect(read("runs/Tiny", "curves.svg")).toMatch(/^<svg [\s\S]*validation[\s\S]*<\/svg>$/);
  });

  test("answers in an object a line with --json, the same from the same seed", () => {
    const ran = train("-o", "runs/json", "--json");
    expect([ran.status, ran.stderr]).toEqual([0, ""]);
    const lines = ran.stdout.trimEnd().split("\n");
    const events = lines.map((line) => JSON.parse(line) as Record<string, unknown>);
    expect(events.map(({ event, epoch }) => [event, epoch])).toEqual([
      ...[1, 2, 3, 4].map((epoch) => ["epoch", epoch]),
      ["ended", 4],
    ]);
    expect(events[0]).toMatchObject({ epochs: 4, steps: 5, learningRate: 0.01 });
    expect(events[4]).toMatchObject({
      ...{ model: "Tiny", steps: 20, epochs: 4, folder: "runs/json" },
      files: { weights: "runs/json/weights.safetensors", last: "runs/json/last.checkpoint" },
    });
    expect(resultOf(join(folder, "runs/json"))).toEqual(resultOf(join(folder, "runs/Tiny")));
  });

  test("does not begin where there is one, and touches nothing", () => {
    const before = resultOf(join(folder, "runs/Tiny"));
    const ran = train();
    expect(ran.status).toBe(2);
    expect(ran.stderr).toBe(
      "InceptError [train/run]: runs/Tiny holds a run already (last.checkpoint).\n" +
        "  help: add --resume to go on with it, or -o DIR to begin another one beside it\n",
    );
    expect(resultOf(join(folder, "runs/Tiny"))).toEqual(before);
    expect(train("-o", "runs/nowhere", "--resume").stderr).toContain(
      "There is no run to resume: runs/nowhere does not exist.",
    );
    expect(existsSync(join(folder, "runs/nowhere"))).toBe(false);
  });

  test("that has ended says so, and goes on with more epochs as if there had been as many", () => {
    const ended = train("--resume");
    expect([ended.status, ended.stderr]).toEqual([
      0,
      "All 4 epochs of the run have ended: add --epochs N for more.\n",
    ]);
    renameSync(join(folder, "runs/json"), join(folder, "runs/more"));
    const more = train("-o", "runs/more", "--resume", "--epochs", "6");
    expect(more.status, more.stderr).toBe(0);
    expect(train("-o", "runs/six", "--epochs", "6").status).toBe(0);
    expect(resultOf(join(folder, "runs/more"))).toEqual(resultOf(join(folder, "runs/six")));
    // Asked for nothing, it keeps to what it was told last.
    expect(train("-o", "runs/more", "--resume").stderr).toContain("All 6 epochs");
  });

  test("has no rows of epochs that its checkpoint has not seen", () => {
    const csv = inRun("runs/more", "curves.csv");
    writeFileSync(csv, `${readFileSync(csv, "utf8")}7,35,1,1,1,1,1,1,1\n`);
    expect(train("-o", "runs/more", "--resume", "--epochs", "7").status).toBe(0);
    const epochs = read("runs/more", "curves.csv").trimEnd().split("\n").slice(1);
    expect(epochs.map((row) => Number(row.split(",")[0]))).toEqual([1, 2, 3, 4, 5, 6, 7]);
    expect(epochs[6]).not.toMatch(/^7,35,1,1/);
    writeFileSync(csv, read("runs/more", "curves.csv").replace("\n3,", "\nthree,"));
    const changed = train("-o", "runs/more", "--resume", "--epochs", "8");
    expect(changed.status).toBe(2);
    expect(changed.stderr).toContain("runs/more/curves.csv is not a run's curves: see line 4.");
  });
});

test("a checkpoint is judged as its epoch was", () => {
  const rows = read("runs/six", "curves.csv").trimEnd().split("\n").slice(1);
  const top1 = Math.max(...rows.map((row) => Number(row.split(",")[5])));
  for (const file of ["best.checkpoint", "weights.safetensors"]) {
    const args = ["--weights", `runs/six/${file}`, "--data", "test.bin", "--json"];
    const ran = inceptc(["eval", "tiny.incept", ...args], { cwd: folder });
    expect([ran.status, ran.stderr]).toEqual([0, ""]);
    const found = JSON.parse(ran.stdout) as { examples: number; outputs: { top1: number }[] };
    expect([found.examples, found.outputs[0]!.top1]).toEqual([20, top1]);
  }
});

describe("Ctrl-C", () => {
  test("ends after the step, saves, and says how to go on", async () => {
    const args = [...trainTiny, "-o", "runs/stopped"];
    let sent = false;
    const ran = await trainBeside(folder, [...args, "--epochs", "100000"], (stdout, signal) => {
      if (sent || !stdout.includes("epoch ")) return;
      sent = true;
      signal("SIGINT");
    });
    expect(ran.status, ran.stderr).toBe(130);
    const [, steps = "", epoch = ""] =
      /Stopped after step (\d+) \(epoch (\d+) of 100000\)\. Go on with:\n/.exec(ran.stderr) ?? [];
    expect(Number(steps)).toBeGreaterThan(4);
    expect(ran.stderr).toMatch(
      / {2}inceptc train --resume tiny\.incept --data train\.bin --validate test\.bin -o runs\/stopped --epochs 100000\n$/,
    );
    const until = String(Number(epoch) + 1);
    const resumed = inceptc([...args, "--epochs", until, "--resume"], { cwd: folder });
    expect(resumed.status, resumed.stderr).toBe(0);
    expect(train("-o", "runs/whole", "--epochs", until).status).toBe(0);
    expect(resultOf(join(folder, "runs/stopped"))).toEqual(resultOf(join(folder, "runs/whole")));
  });
});

describe("where nobody listens any more", () => {
  test.each([
    ["a reader that has seen enough", "stdout", undefined],
    ["a terminal that is gone", "stderr", "SIGHUP"],
  ] as const)("%s stops the run, which is saved", async (_, stream, name) => {
    const run = `runs/deaf-${stream}`;
    const args = [...trainTiny, "-o", run];
    let sent = false;
    const ran = await trainBeside(
      folder,
      [...args, "--epochs", "100000"],
      (stdout, signal, close) => {
        if (sent || !stdout.includes("epoch ")) return;
        sent = true;
        close(stream);
        if (name !== undefined) signal(name);
      },
    );
    expect(ran.status, ran.stderr).toBe(130);
    const epochs = read(run, "curves.csv").trimEnd().split("\n").length - 1;
    const resumed = inceptc([...args, "--epochs", String(epochs + 1), "--resume"], { cwd: folder });
    expect(resumed.status, resumed.stderr).toBe(0);
    expect(existsSync(inRun(run, "weights.safetensors"))).toBe(true);
  });
});

test("a run that is killed at any moment goes on, and comes to the same", async () => {
  const random = new Random(7);
  const args = [...trainTiny, "-o", "runs/killed", "--epochs", "40", "--every-steps", "3"];
  const whole = performance.now();
  expect(train("-o", "runs/unkilled", "--epochs", "40", "--every-steps", "3").status).toBe(0);
  const longest = performance.now() - whole;
  let kills = 0;
  for (let runs = 0; runs < 3; runs++) {
    const resume = existsSync(inRun("runs/killed", "run.json")) ? ["--resume"] : [];
    const moment = random.next() * longest;
    const ran = await trainBeside(folder, [...args, ...resume], (stdout, signal) => {
      // The first is killed while it trains, whatever the machine does besides.
      if (runs === 0 && stdout.includes("epoch ")) signal("SIGKILL");
      if (runs > 0 && stdout === "") setTimeout(() => signal("SIGKILL"), moment);
    });
    expect(ran.killed || ran.status === 0, ran.stderr).toBe(true);
    if (ran.killed) kills++;
  }
  expect(kills).toBeGreaterThan(0);
  const resume = existsSync(inRun("runs/killed", "run.json")) ? ["--resume"] : [];
  const last = inceptc([...args, ...resume], { cwd: folder });
  expect(last.status, last.stderr).toBe(0);
  expect(resultOf(join(folder, "runs/killed"))).toEqual(resultOf(join(folder, "runs/unkilled")));
  expect(readdirSync(join(folder, "runs/killed")).filter((name) => name.endsWith(".tmp"))).toEqual(
    [],
  );
});

describe("before anything is compiled or written", () => {
  const refused = (...args: readonly string[]): string => {
    const ran = inceptc(["train", "tiny.incept", "-o", "runs/refused", ...args], { cwd: folder });
    expect(ran.status).toBe(2);
    expect(existsSync(join(folder, "runs/refused"))).toBe(false);
    return ran.stderr;
  };

  test.each([
    [[], "Training needs pictures to learn from."],
    [["--data", "absent"], "absent does not exist."],
    [["--data", "train.bin", "--batch", "41"], "There are 36 pictures, less than a batch of 41"],
    [["--data", "train.bin", "--momentum", "0.9"], "--momentum is no number of adam."],
    [
      ["--data", "train.bin", "--warmup", "1"],
      "--warmup is a part of a cosine, and this is constant.",
    ],
    [
      ["--data", "train.bin", "--schedule", "cosine", "--epochs", "2", "--warmup", "2"],
      "Of 2 epochs --warmup takes 2",
    ],
    [["--data", "train.bin", "--schedule", "step"], "--schedule step needs to know when"],
    [
      ["--data", "train.bin", "--freeze", "stm.*"],
      "--freeze has the pattern stm.*, which fits no parameter that learns; did you mean stem.*?",
    ],
    [["--data", "train.bin", "--fresh", "stem.*"], "--fresh is for parameters that --weights has."],
    [
      ["--data", "train.bin", "--validate", "test.bin", "--validation", "0.2"],
      "exclude one another",
    ],
    [["--data", "train.bin", "--lr", "0"], "It must be a number above 0."],
    [
      ["--data", "train.bin", "--weights", "absent.safetensors"],
      "absent.safetensors does not exist.",
    ],
  ] as const)("%j: %s", (args, expected) => {
    expect(refused(...args)).toContain(expected);
  });

  test("weights that do not fit are told before anything is compiled", () => {
    // Another width than any that was built.
    const tiny = readFileSync(join(folder, "tiny.incept"), "utf8");
    const wide = tiny.replace("conv(3x3/8, 4,", "conv(3x3/8, 23,");
    expect(wide).not.toBe(tiny);
    writeFileSync(join(folder, "wide.incept"), wide);
    const ran = inceptc(
      [
        ...["train", "wide.incept", "--data", "train.bin", "-o", "runs/wide"],
        ...["--weights", "runs/Tiny/weights.safetensors"],
      ],
      { cwd: folder },
    );
    expect(ran.status).toBe(2);
    expect(ran.stderr).toContain("[weights/shape]");
    expect(ran.stderr).toContain("have them initialised instead: fresh:");
    expect(ran.stderr).not.toMatch(/compiling|configuring|writing the C/);
    expect(existsSync(join(folder, "runs", "wide"))).toBe(false);
  });

  test("pictures of other classes are told", () => {
    writeFileSync(
      join(folder, "three.incept"),
      readFileSync(join(folder, "tiny.incept"), "utf8").replace("linear(10)", "linear(3)"),
    );
    const ran = inceptc(["train", "three.incept", "--data", "train.bin", "-o", "runs/three"], {
      cwd: folder,
    });
    expect(ran.status).toBe(2);
    expect(ran.stderr).toContain("The data have 10 classes, and the output prob of Tiny has 3.");
  });

  test("an output whose table no evaluation keeps has none to write", () => {
    const many = readFileSync(join(folder, "tiny.incept"), "utf8").replace("(10)", "(2049)");
    const names = Array.from({ length: 2049 }, (_, i) => `c${i}`);
    writeFileSync(join(folder, "names.txt"), `${names.join("\n")}\n`);
    writeFileSync(
      join(folder, "many.incept"),
      many.replace("  stem", '  labels "names.txt"\n  stem'),
    );
    const pixels = join(folder, "few/c7");
    mkdirSync(pixels, { recursive: true });
    writeFileSync(join(pixels, "a.png"), "never read");
    const args = ["eval", "many.incept", "--weights", "random:1", "--data", "few"];
    const ran = inceptc([...args, "--confusion", "table.csv", "--json"], { cwd: folder });
    expect([ran.status, ran.stderr]).toEqual([2, ""]);
    expect(ran.stdout).toContain("There is no table of 2049 classes to write.");
  });

  test("a mistake is told to a program on one line", () => {
    const ran = train("--data", "absent", "--json");
    expect([ran.status, ran.stderr]).toEqual([2, ""]);
    expect(ran.stdout).toMatch(/^\{"error":\{"code":"train\/run".*\}\}\n$/);
  });

  test("a run that was killed while it was built goes on by its record", () => {
    mkdirSync(inRun("runs/early", "."), { recursive: true });
    writeFileSync(inRun("runs/early", "run.json"), read("runs/six", "run.json"));
    const args = ["train", "tiny.incept", "-o", "runs/early", "--resume"];
    const ran = inceptc(args, { cwd: folder });
    expect(ran.status, ran.stderr).toBe(0);
    expect(resultOf(join(folder, "runs/early"))).toEqual(resultOf(join(folder, "runs/six")));
  });

  test("other data than a run was begun with are told, and the run is unharmed", () => {
    writeFileSync(join(folder, "fewer.bin"), pictures(32, 1));
    const before = resultOf(join(folder, "runs/six"));
    const resume = (...args: readonly string[]): string =>
      inceptc(["train", "tiny.incept", "-o", "runs/six", "--resume", "--epochs", "9", ...args], {
        cwd: folder,
      }).stderr;
    expect(resume("--data", "fewer.bin", "--validate", "test.bin")).toContain(
      "The run learns from 40 pictures, and the data have 32 now.",
    );
    expect(resume("--data", "train.bin", "--validate", "fewer.bin")).toContain(
      "The run is judged by 20 pictures, and the data have 32 now.",
    );
    expect(resume("--seed", "4")).toContain("The run goes by --seed 0, and not 4.");
    expect(resume("--optimizer", "sgd")).toContain("holds the moments of adam and not of sgd");
    expect(resultOf(join(folder, "runs/six"))).toEqual(before);
  });
});
