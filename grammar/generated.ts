import { generateCstDts } from "@chevrotain/cst-dts-gen";
import { InceptParser } from "./parser.js";

/** The committed files that follow from the grammar, by name in this folder. */
export function generatedFiles(): Record<string, string> {
  const productions = new InceptParser().getGAstProductions();
  return {
    "cst.generated.d.ts": generateCstDts(productions),
  };
}
