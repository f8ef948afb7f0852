/** `npm run generate`: rewrites the committed files that derive from others. */
import { writeDiagnosticsPage } from "../docs/generate-diagnostics.js";
import { writeLanguagePage } from "../docs/generate-operators.js";
import { writeGrammarFiles } from "../grammar/generate.js";

await writeGrammarFiles();
await writeDiagnosticsPage();
await writeLanguagePage();
