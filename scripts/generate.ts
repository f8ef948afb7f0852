/** `npm run generate`: rewrites the committed files that derive from others. */
import { writeCudaPage } from "../docs/generate-cuda.js";
import { writeDiagnosticsPage } from "../docs/generate-diagnostics.js";
import { writeForeignPage } from "../docs/generate-foreign.js";
import { writeLanguagePage } from "../docs/generate-operators.js";
import { writeGrammarFiles } from "../grammar/generate.js";
import { writeActivations } from "./generate-activations.js";

await writeGrammarFiles();
writeActivations();
await writeDiagnosticsPage();
await writeLanguagePage();
await writeForeignPage();
await writeCudaPage();
