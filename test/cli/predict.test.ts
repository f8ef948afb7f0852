import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import sharp from "sharp";
import { inceptc, temporaryFolder } from "../support/cli.js";

const spec = `model Tiny {
  input image: f32[3, 4, 4] from image()
  output prob: globalavgpool -> linear(3) -> softmax
}
`;

interface Told {
  readonly image: string;
  readonly classes?: readonly { readonly label: string }[];
  readonly error?: { readonly code: string; readonly message: string };
}

test("pictures that can be read are answered, whatever stands between them", async () => {
  const folder = temporaryFolder();
  writeFileSync(join(folder, "tiny.incept"), spec);
  writeFileSync(join(folder, "labels.txt"), "one\ntwo\nthree\n");
  for (const name of ["a.jpg", "c.jpg"]) {
    const background = { r: name === "a.jpg" ? 250 : 5, g: 90, b: 120 };
    await sharp({ create: { width: 9, height: 8, channels: 3, background } }).toFile(
      join(folder, name),
    );
  }
  writeFileSync(join(folder, "broken.jpg"), readFileSync(join(folder, "a.jpg")).subarray(0, -60));
  const images = ["a.jpg", "broken.jpg", "absent.jpg", "c.jpg"];
  const predict = (...args: readonly string[]): ReturnType<typeof inceptc> =>
    inceptc(
      ["predict", "tiny.incept", ...args, "--weights", "random:1", "--labels", "labels.txt"],
      { cwd: folder },
    );

  const text = predict(...images);
  expect(text.status, text.stderr).toBe(1);
  expect(text.stdout).toMatch(/^a\.jpg\n( {2}\w+ .*\n){3}\nc\.jpg\n( {2}\w+ .*\n){3}$/);
  const errors = text.stderr.split("\n").filter((row) => row.startsWith("InceptError"));
  // What can be seen before is told before, what the decoder finds when it does.
  expect(errors[0]).toBe("InceptError [file/not-found]: absent.jpg does not exist.");
  expect(errors[1]).toMatch(/^InceptError \[image\/unreadable\]: broken\.jpg cannot be decoded: /);
  expect(errors).toHaveLength(2);

  const json = predict(...images, "--json");
  expect([json.status, json.stderr]).toEqual([1, ""]);
  const all = JSON.parse(json.stdout) as readonly Told[];
  expect(all.map(({ image, error }) => [image, error?.code])).toEqual([
    ["a.jpg", undefined],
    ["broken.jpg", "image/unreadable"],
    ["absent.jpg", "file/not-found"],
    ["c.jpg", undefined],
  ]);
  expect(all[1]!.error!.message).toMatch(/^broken\.jpg cannot be decoded: /);
  expect(all.map(({ classes }) => classes?.length)).toEqual([3, undefined, undefined, 3]);

  const good = predict("a.jpg", "c.jpg", "--json");
  expect([good.status, good.stderr]).toEqual([0, ""]);
  expect(JSON.parse(good.stdout)).toEqual([all[0], all[3]]);
});
