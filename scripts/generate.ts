/** `npm run generate`: rewrites the committed files that derive from others. */
import { writeLanguagePage } from "../docs/generate-operators.js";

await writeLanguagePage();
