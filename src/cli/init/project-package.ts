import { shellWord } from "../../files/display.js";
import { packageOf, type PackageJson, recordOf } from "../../files/package-json.js";
import { declared, ownDependency } from "./dependency.js";
import { packageName } from "../../emit/package-name.js";

const tools = { "@types/node": "^20.19.0", tsx: "^4.20.0", typescript: "^5.9.0" } as const;

/** Runs a program of TypeScript that imports specs. */
const start = (main: string): string => `node --import inceptc/register --import tsx ${main}`;

/** package.json of a new project. */
export function newPackage(directory: string, main: string): string {
  const { "@types/node": types, ...others } = tools;
  const content = {
    name: packageName(directory),
    private: true,
    type: "module",
    scripts: { start: start(main), check: "tsc", format: "prettier --write ." },
    dependencies: { inceptc: ownDependency(directory) },
    devDependencies: { "@types/node": types, prettier: "^3.0.0", ...others },
  };
  return `${JSON.stringify(content, undefined, 2)}\n`;
}

/** What runs a project, and what has to be typed before. */
export interface Commands {
  readonly before: readonly string[];
  /** `npm start`, or another name where that is taken. */
  readonly start: string;
  readonly check: string;
}

/** The commands that add to a package.json of the user's own what the project lacks, and no more. */
export function commandsFor(directory: string, main: string): Commands {
  const own = packageOf(directory) ?? { folder: directory, content: {} };
  const scripts = recordOf(own.content.scripts);
  const wanted = start(main);
  const name = [wanted, undefined].includes(scripts.start as string) ? "start" : "start:net";
  const lacking = [
    ...(scripts[name] === wanted ? [] : [`scripts.${name}=${wanted}`]),
    ...(scripts.check === undefined ? ["scripts.check=tsc --noEmit"] : []),
  ];
  const installs = missingPackages(own, directory);
  return {
    before: [
      ...(lacking.length === 0 ? [] : [`npm pkg set ${lacking.map(shellWord).join(" ")}`]),
      ...(installs.length === 0 ? ["npm install"] : installs),
    ],
    start: name === "start" ? "npm start" : `npm run ${name}`,
    check:
      scripts.check === undefined || isCheck(scripts.check) ? "npm run check" : "npx tsc --noEmit",
  };
}

const isCheck = (script: unknown): boolean => typeof script === "string" && /\btsc\b/.test(script);

/** What is installed to use it, and what to work on it. */
function missingPackages(own: PackageJson, directory: string): string[] {
  const missing = Object.keys(tools).filter((name) => declared(own, name) === undefined);
  const install = (flags: string, names: readonly string[]): string[] =>
    names.length === 0 ? [] : [`npm install ${flags}${names.map(shellWord).join(" ")}`];
  const self =
    declared(own, "inceptc") === undefined ? [`inceptc@${ownDependency(directory)}`] : [];
  return [...install("", self), ...install("--save-dev ", missing)];
}
