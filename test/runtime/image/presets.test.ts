/** `image(preset: …)` against the frameworks' own code; see fixtures-pictures/make_presets.py. */
import { readFileSync } from "node:fs";
import { expect, it } from "vitest";
import { packageFile } from "../../../src/emit/package.js";
import { presetNames } from "../../../src/model/settings/image-presets.js";
import { networkOf } from "../../support/network.js";
import { decoded, prepared } from "./support.js";

const fixture = packageFile("test", "fixtures-pictures", "presets.json");
const measured = JSON.parse(readFileSync(fixture, "utf8")) as Record<
  string,
  { readonly side: number; readonly values: readonly number[] }
>;
const photo = await decoded(packageFile("examples", "photos", "coffee.jpg"));
/** Pixels along each side, the first and the last included. */
const grid = 6;

it("all are measured", () => expect(Object.keys(measured)).toEqual(presetNames));

for (const [preset, { side, values }] of Object.entries(measured)) {
  it(`${preset} is what the framework does`, async () => {
    const from = `from image(preset: ${preset})`;
    const { image } = networkOf(
      `model M { input x: f32[3, ${side}, ${side}] ${from} output y: relu }`,
    ).inputs[0];
    const tensor = await prepared(photo, image!);
    const at = Array.from({ length: grid }, (_, i) => Math.round((i * (side - 1)) / (grid - 1)));
    const found = [0, 1, 2].flatMap((channel) =>
      at.flatMap((y) => at.map((x) => tensor[(channel * side + y) * side + x]!)),
    );
    expect(found).toHaveLength(values.length);
    const furthest = Math.max(...found.map((value, i) => Math.abs(value - values[i]!)));
    // The fixture has six decimals, and frameworks normalise in single precision.
    expect(furthest).toBeLessThan(4e-5);
  });
}
