/** Writes the files that follow from the grammar: `npx tsx grammar/generate.ts`. */
import { writeFileSync } from "node:fs";
import { generatedFiles } from "./generated.js";

for (const [name, text] of Object.entries(generatedFiles())) {
  writeFileSync(new URL(name, import.meta.url), text);
}
