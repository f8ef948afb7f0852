import { Eta } from "eta";
import { packageFile } from "./package.js";

/** Text goes into the files as it is: what comes from a spec was escaped by cpp.ts before. */
const eta = new Eta({
  views: packageFile("codegen-templates"),
  autoEscape: false,
  autoTrim: false,
  cache: true,
});

/** Renders `codegen-templates/<name>.eta`; the template sees `data` as `it`. */
export const renderTemplate = (name: string, data: object): string =>
  eta.render(`/${name}.eta`, data);
