import { execFileSync } from "node:child_process";
import { cpSync, mkdirSync, mkdtempSync, realpathSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join, resolve } from "node:path";

const repository = resolve(".");

const spec = `model Tiny(classes = 5) {
  input image: f32[3, 4, 4] from image(resize: 5)
  stem: conv(3x3, 4, act: relu)
  output prob: globalavgpool -> linear(classes) -> softmax
}
`;

/** Imports a spec, runs it, and reads a picture only where it is told one. */
const main = `import net from "../tiny.incept";
import { InceptError } from "inceptc/runtime";

const start = async () => {
  const model = await net.load({ weights: "random:1", threads: 1 });
  const { prob } = await model.run({ image: new Float32Array(48).fill(1) });
  const sum = prob.reduce((a, b) => a + b, 0);
  console.log(model.info.model, prob.length, sum.toFixed(4));
  const picture = process.argv[2];
  if (picture !== undefined) console.log((await model.classify(picture)).length);
  await model.dispose();
  await net.load({ weights: "absent" }).catch((e) => console.log(e instanceof InceptError));
};
void start();
`;

/** What the bundled program prints, run without a picture. */
export const answer = "Tiny 5 1.0000\ntrue\n";

/** A user's project in a folder of its own: src/deep/main.js imports src/tiny.incept. */
export class Project {
  readonly folder = realpathSync(mkdtempSync(join(tmpdir(), "incept-bundle-")));
  readonly entry = this.write("src/deep/main.js", main);
  readonly spec = this.write("src/tiny.incept", spec);

  constructor() {
    this.write("package.json", `{ "type": "module" }`);
    mkdirSync(join(this.folder, "node_modules"));
    symlinkSync(repository, join(this.folder, "node_modules/inceptc"));
  }

  file = (...names: readonly string[]): string => join(this.folder, ...names);

  write(name: string, text: string): string {
    const file = join(this.folder, name);
    mkdirSync(dirname(file), { recursive: true });
    writeFileSync(file, text);
    return file;
  }

  /** Runs what a bundler wrote in a folder that has nothing else, and none of the project around it. */
  runElsewhere(output: string, main: string, ...args: readonly string[]): string {
    const elsewhere = realpathSync(mkdtempSync(join(tmpdir(), "incept-shipped-")));
    cpSync(this.file(output), elsewhere, { recursive: true });
    return execFileSync(process.execPath, [join(elsewhere, main), ...args], {
      cwd: elsewhere,
      encoding: "utf8",
    });
  }
}
