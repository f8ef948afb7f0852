/** Writes the files that follow from the grammar; `npm run generate` does. */
import { writeFileSync } from "node:fs";
import { generatedFiles } from "./generated.js";

export async function writeGrammarFiles(): Promise<void> {
  for (const [name, text] of Object.entries(await generatedFiles())) {
    writeFileSync(new URL(name, import.meta.url), text);
  }
}
