import { damaged } from "../damage.js";
import { visibleName } from "../../diagnostics/visible.js";
import { eachChild } from "./btree.js";
import type { Cursor } from "./cursor.js";
import type { Hdf5 } from "./file.js";
import { HdfObject, messageType } from "./object.js";
import { unsupported } from "./unsupported.js";

/** What a name in a group leads to. */
type Link = { readonly address: number } | { readonly refused: string };

/** Of each header the members that it lists, which are read once however many names it has. */
const linksBy = new WeakMap<HdfObject["messages"], ReadonlyMap<string, Link>>();

/** A group's members by name, in the order of the file. */
export class Group {
  private constructor(
    readonly object: HdfObject,
    private readonly links: ReadonlyMap<string, Link>,
  ) {}

  static async of(object: HdfObject): Promise<Group> {
    const known = linksBy.get(object.messages) ?? (await linksOf(object));
    linksBy.set(object.messages, known);
    return new Group(object, known);
  }

  get names(): readonly string[] {
    return [...this.links.keys()];
  }

  has(name: string): boolean {
    return this.links.has(name);
  }

  /**
   * A member by a name or by several with slashes between; undefined where there is none.
   *
   * @throws InceptError `weights/unreadable` for what leads out of the file
   */
  async find(path: string): Promise<HdfObject | undefined> {
    let found: HdfObject | undefined = this.object;
    for (const name of path.split("/")) {
      if (found === undefined) return undefined;
      found = await (await Group.of(found)).#member(name);
    }
    return found;
  }

  async #member(name: string): Promise<HdfObject | undefined> {
    const { file } = this.object;
    file.count();
    const link = this.links.get(name);
    const shown = pathOf(this.object.path, name);
    if (link === undefined) return undefined;
    if ("refused" in link) throw unsupported(file.name, `${link.refused}, ${shown}`);
    return HdfObject.read(file, link.address, shown);
  }

  async group(path: string): Promise<Group | undefined> {
    const object = await this.find(path);
    return object === undefined ? undefined : Group.of(object);
  }
}

export const pathOf = (group: string, name: string): string =>
  visibleName(group === "/" ? name : `${group}/${name}`);

/** HDF5 file format specification, IV.A.2.c, g and r. */
async function linksOf(object: HdfObject): Promise<ReadonlyMap<string, Link>> {
  const { file } = object;
  const links = new Map<string, Link>();
  const info = object.find(messageType.linkInfo);
  if (info !== undefined && isDense(info)) throw unsupported(file.name, "a group of many links");
  for (const message of object.all(messageType.link)) {
    links.set(...linkOf(object.open(message)));
  }
  const table = object.find(messageType.symbolTable);
  if (table === undefined) return links;
  const [tree, heap] = [table.address(), table.address()];
  if (tree === undefined || heap === undefined) {
    throw damaged(file.name, `${object.path} has no table of names`);
  }
  const names = await localHeap(file, heap);
  for await (const { address } of eachChild(file, tree, { type: 0, keyBytes: 8 })) {
    await addSymbols(file, address, names, links);
  }
  return links;
}

/**
 * Links or attributes are in a heap of their own, which then has an address.
 *
 * @param orderBytes how long the number of the next one is
 */
export function isDense(info: Cursor, orderBytes = 8): boolean {
  info.version(0);
  const flags = info.u8();
  if ((flags & 1) !== 0) info.skip(orderBytes);
  return info.address() !== undefined;
}

function linkOf(cursor: Cursor): [string, Link] {
  cursor.version(1);
  const flags = cursor.u8();
  const type = (flags & 8) !== 0 ? cursor.u8() : 0;
  if ((flags & 4) !== 0) cursor.skip(8);
  if ((flags & 16) !== 0) cursor.skip(1);
  const name = cursor.text(cursor.sized(1 << (flags & 3)));
  if (type === 0) return [name, { address: cursor.size() }];
  if (type === 1) return [name, { refused: "a soft link" }];
  return [name, { refused: type === 64 ? "a link to another file" : `a link of type ${type}` }];
}

/** Names of a group's members, each with a zero behind it. */
interface LocalHeap {
  readonly begin: number;
  readonly length: number;
}

async function localHeap(file: Hdf5, address: number): Promise<LocalHeap> {
  const cursor = await file.cursor(address, 32, "the names of a group");
  cursor.expect("HEAP");
  cursor.version(0);
  cursor.skip(3);
  const length = cursor.size();
  cursor.skip(8);
  const begin = cursor.size();
  file.pages.require(begin, length, "the names of a group");
  return { begin, length };
}

const longestName = 4096;

async function nameAt(file: Hdf5, heap: LocalHeap, offset: number): Promise<string> {
  const room = Math.min(longestName, heap.length - offset);
  if (room <= 0) throw damaged(file.name, "a group has a name outside of its names");
  const bytes = await file.pages.at(heap.begin + offset, room, "a name");
  const end = bytes.indexOf(0);
  if (end === -1) throw damaged(file.name, `a name has over ${room} bytes`);
  return bytes.toString("utf8", 0, end);
}

async function addSymbols(
  file: Hdf5,
  address: number,
  names: LocalHeap,
  links: Map<string, Link>,
): Promise<void> {
  const what = "a table of names";
  const head = await file.cursor(address, 8, what);
  head.expect("SNOD");
  head.version(1);
  head.skip(1);
  const count = head.u16();
  const cursor = await file.cursor(address + 8, 40 * count, what);
  for (let i = 0; i < count; i++) {
    file.count();
    const name = await nameAt(file, names, cursor.size());
    const header = cursor.address();
    const isSoft = cursor.u32() === 2;
    cursor.skip(20);
    if (isSoft) links.set(name, { refused: "a soft link" });
    else if (header === undefined) throw damaged(file.name, `${visibleName(name)} is nowhere`);
    else links.set(name, { address: header });
  }
}
