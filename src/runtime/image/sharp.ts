import type sharp from "sharp";
import { InceptError } from "../../diagnostics/incept-error.js";

/**
 * The decoder, loaded when the first picture is read: tensors need none. Bundles leave it where npm
 * installed it, since its native library cannot be part of one.
 *
 * @throws InceptError `image/no-decoder`
 */
export async function loadSharp(): Promise<typeof sharp> {
  try {
    const { default: decoder } = (await unbundled("sharp")) as { default: typeof sharp };
    return decoder;
  } catch (cause) {
    throw new InceptError(
      "image/no-decoder",
      "Pictures are read by sharp, which cannot be loaded.",
      {
        help: "npm install sharp, or hand over pixels, { data, width, height, channels }, or tensors to model.run",
        cause,
      },
    );
  }
}

/** A name that no bundler sees is resolved when it is run, from where the bundle lies. */
const unbundled = (name: string): Promise<unknown> => import(/* webpackIgnore: true */ name);
