/** What an expression of the language comes to, before an argument's kind reads it. */
import { formatPair, type Pair } from "./window.js";

export type ArgValue =
  | { readonly kind: "number"; readonly value: number }
  | { readonly kind: "bool"; readonly value: boolean }
  | { readonly kind: "size"; readonly size: Pair }
  /** `3x3/2`: a size over a stride. */
  | { readonly kind: "window"; readonly kernel: Pair; readonly stride: Pair }
  | { readonly kind: "string"; readonly value: string }
  /** A name that its argument accepts, such as `same`. */
  | { readonly kind: "word"; readonly word: string }
  | { readonly kind: "list"; readonly items: readonly ArgValue[] }
  /** Values by name; who takes them reads them. */
  | { readonly kind: "record"; readonly names: readonly string[] }
  /** `batchnorm(eps: 1e-3)`, its arguments already read by the kind's signature. */
  | { readonly kind: "call"; readonly name: string; readonly args: unknown };

/** As one would write it. */
export function formatValue(value: ArgValue): string {
  switch (value.kind) {
    case "number":
    case "bool":
      return `${value.value}`;
    case "size":
      return value.size.join("x");
    case "window":
      return `${value.kernel.join("x")}/${formatPair(value.stride)}`;
    case "string":
      return `"${value.value}"`;
    case "word":
      return value.word;
    case "list":
      return `[${shortened(value.items.map(formatValue))}]`;
    case "record":
      return `{ ${shortened(value.names.map((name) => `${name}: …`))} }`;
    case "call":
      return `${value.name}(…)`;
  }
}

const shortened = (items: readonly string[]): string =>
  `${items.slice(0, 8).join(", ")}${items.length > 8 ? ", …" : ""}`;
