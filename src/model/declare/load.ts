/** Reads a spec and the files it imports, and resolves the names of each. */
import { likening } from "../../diagnostics/mending.js";
import type { Source } from "../../diagnostics/diagnostic.js";
import type { Diagnostics } from "../../diagnostics/diagnostics.js";
import type { Import, Name, SpecFile, StringLiteral } from "../../syntax/ast.js";
import { parse } from "../../syntax/parse.js";
import { declare } from "./declare.js";
import { readDefaults } from "./defaults.js";
import { key, type Read } from "../sources/read.js";
import { readRelative } from "../scope/read-relative.js";
import { fileSite, report } from "../scope/site.js";
import type { Unit } from "../scope/unit.js";

/** Files that are open at once, each for the one before it. */
const deepest = 16;

/** The spec's own unit, and every file in import order, the spec first. */
export interface Loaded {
  readonly root: Unit;
  readonly units: readonly Unit[];
}

/** Undefined where a file has syntax errors: what it means is anyone's guess. */
export function load(source: Source, read: Read, found: Diagnostics): Loaded | undefined {
  const loader = new Loader(read, found);
  const root = loader.unit(source);
  return root === undefined || loader.broken ? undefined : { root, units: loader.units };
}

class Loader {
  readonly units: Unit[] = [];
  broken = false;
  private depth = 0;
  private readonly known = new Map<string, Unit | "loading" | undefined>();

  constructor(
    private readonly read: Read,
    private readonly found: Diagnostics,
  ) {}

  unit(source: Source): Unit | undefined {
    this.depth++;
    const unit = this.opened(source);
    this.depth--;
    return unit;
  }

  private opened(source: Source): Unit | undefined {
    this.known.set(key(source), "loading");
    const file = this.parsed(source);
    if (file === undefined) {
      this.broken = true;
      this.known.set(key(source), undefined);
      return undefined;
    }
    const unit: Unit = {
      file,
      modules: new Map(),
      consts: new Map(),
      defaults: new Map(),
      missing: new Set(),
      found: this.found,
    };
    this.units.push(unit);
    const imported = file.imports.map((each) => ({
      import: each,
      from: this.imported(each, unit),
    }));
    const declared = declare(unit);
    for (const { import: each, from } of imported) {
      for (const name of each.names) {
        if (from === undefined) unit.missing.add(name.text);
        else bring(name, each, from, unit, declared);
      }
    }
    readDefaults(unit);
    this.known.set(key(source), unit);
    return unit;
  }

  private parsed(source: Source): SpecFile | undefined {
    const { file, diagnostics } = parse(source);
    this.found.add(...diagnostics);
    return diagnostics.some(({ severity }) => severity === "error") ? undefined : file;
  }

  private imported({ path }: Import, unit: Unit): Unit | undefined {
    const source = readRelative(path, unit, "spec", this.read);
    if (source === undefined) return undefined;
    const known = this.known.get(key(source));
    const place = { span: path.span };
    if (known === "loading") {
      report(fileSite(unit), "import/cycle", { path: path.value }, place);
      return undefined;
    }
    if (known !== undefined) return known;
    if (this.depth === deepest) {
      report(fileSite(unit), "import/too-deep", { limit: deepest }, place);
      return undefined;
    }
    const loaded = this.known.has(key(source)) ? undefined : this.unit(source);
    if (loaded === undefined) report(fileSite(unit), "import/syntax", { path: path.value }, place);
    return loaded;
  }
}

/** Makes an imported name known here: a module or constant that the other file declares itself. */
function bring(
  name: Name,
  { path }: Import,
  from: Unit,
  unit: Unit,
  declared: ReturnType<typeof declare>,
): void {
  const { text } = name;
  const module = from.file.modules.find((each) => each.name.text === text);
  const constant = from.file.consts.find((each) => each.name.text === text);
  if (module === undefined && constant === undefined) {
    if (!from.missing.has(text)) reportNotThere(name, path, from, unit);
    unit.missing.add(text);
    return;
  }
  if (!declared.claim(name)) return;
  if (module !== undefined) unit.modules.set(text, { module, unit: from });
  const ref = from.consts.get(text);
  if (constant !== undefined && ref !== undefined) unit.consts.set(text, ref);
}

/** Imports are not passed on: what a file imports is not declared in it. */
function reportNotThere({ text, span }: Name, path: StringLiteral, from: Unit, unit: Unit): void {
  const names = [...from.file.modules, ...from.file.consts].map((each) => each.name.text);
  const what = `module or constant in ${JSON.stringify(path.value)}`;
  const origin = from.modules.get(text)?.unit.file.source.path;
  const help = origin === undefined ? undefined : `import it from ${origin}, which declares it`;
  const near = likening(text, { names }, span);
  report(fileSite(unit), "name/unknown", { what, name: text }, { span, help, ...near });
}
