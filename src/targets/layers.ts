import type { Field, Layer, Numbers, SizeCheck } from "./program.js";

/** The layers and constants of a program, equal ones once. */
export class LayerTable {
  private readonly known = new Map<string, Layer>();
  private readonly constants = new Map<string, Numbers>();
  private readonly sizes = new Map<string, SizeCheck>();

  layer(path: string, type: string, fields: readonly Field[]): Layer {
    return once(this.known, JSON.stringify([type, fields]), () => ({ path, type, fields }));
  }

  numbers(path: string, values: readonly number[]): Numbers {
    return once(this.constants, JSON.stringify(values), () => ({ path, values }));
  }

  /** What this compiler counted on, `Grouped::workspace` say, for the emitted code to check. */
  check(size: string, layer: Layer, value: number | true, header?: string): void {
    const own = { size, layer, value, ...(header === undefined ? {} : { header }) };
    this.sizes.set(JSON.stringify([size, layer]), own);
  }

  get checks(): readonly SizeCheck[] {
    return [...this.sizes.values()];
  }

  get layers(): readonly Layer[] {
    return [...this.known.values()];
  }

  get allNumbers(): readonly Numbers[] {
    return [...this.constants.values()];
  }
}

function once<T>(map: Map<string, T>, key: string, make: () => T): T {
  const found = map.get(key) ?? make();
  map.set(key, found);
  return found;
}
