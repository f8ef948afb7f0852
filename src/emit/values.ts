import { bug } from "../diagnostics/bug.js";
import { channels, isImage } from "../ops/shape.js";
import type { Stripe } from "../targets/program.js";
import { aligned } from "./cpp.js";
import type { Names } from "./names.js";

/** One value a row, in the order of the tasks: extent, slice, and place in the arena. */
export function valueTable(stripes: readonly Stripe[], names: Names): readonly string[] {
  const unique = new Map<string, Stripe>();
  for (const stripe of stripes) {
    const known = unique.get(stripe.path);
    unique.set(stripe.path, stripe);
    if (known === undefined || JSON.stringify(known) === JSON.stringify(stripe)) continue;
    bug(`${stripe.path} has two places`);
  }
  return aligned(
    [...unique.values()].map((stripe) => [
      `inline constexpr Value ${names.values.of(stripe.path)} `,
      `= Value{}.${isImage(stripe.shape) ? "image" : "vector"}(${stripe.shape.join(", ")})`,
      stripe.pitch === channels(stripe.shape) ? "" : `.slice(${stripe.channel}, ${stripe.pitch})`,
      `.at(${stripe.buffer});`,
    ]),
  );
}
