/** The cases as JSON, for reference.py. */
import { readerCases } from "./reader-cases.js";

const cases = readerCases.map((one) => ({ ...one, bytes: one.bytes.toString("base64") }));
process.stdout.write(JSON.stringify(cases));
