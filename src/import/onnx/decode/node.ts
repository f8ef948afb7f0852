import type { Field } from "../../../checkpoints/protobuf/wire.js";
import { damaged } from "../../../checkpoints/damage.js";
import { visibleName } from "../../../diagnostics/visible.js";
import { readAttribute } from "./attribute.js";
import type { Fields } from "./fields.js";
import type { Attribute, FileNode } from "./model.js";

/** A `NodeProto`; messages name it so until its own name is known. */
export async function readNode(fields: Fields, message: Field, index: number): Promise<FileNode> {
  fields.record();
  const what = `node ${index + 1}`;
  const texts = { name: "", opType: "", domain: "" };
  const [inputs, outputs]: [string[], string[]] = [[], []];
  const attributes = new Map<string, Attribute>();
  let scopes: readonly string[] = [];
  for await (const field of fields.of(message, what)) {
    switch (field.number) {
      case 1:
        inputs.push(await fields.text(field, `an input of ${what}`));
        break;
      case 2:
        outputs.push(await fields.text(field, `an output of ${what}`));
        break;
      case 3:
        texts.name = await fields.text(field, `the name of ${what}`);
        break;
      case 4:
        texts.opType = await fields.text(field, `the operator of ${what}`);
        break;
      case 5: {
        const [name, value] = await readAttribute(fields, field, what);
        if (attributes.has(name)) {
          throw damaged(fields.name, `${what} has two attributes ${visibleName(name)}`);
        }
        attributes.set(name, value);
        break;
      }
      case 7:
        texts.domain = await fields.text(field, `the domain of ${what}`);
        break;
      case 9:
        scopes = (await readScopes(fields, field, what)) ?? scopes;
        break;
    }
  }
  return { ...texts, inputs, outputs, attributes, scopes };
}

/** Of the entries of `metadata_props` the one that says where a node stands in a PyTorch module. */
async function readScopes(
  fields: Fields,
  message: Field,
  what: string,
): Promise<readonly string[] | undefined> {
  let key = "";
  let value: Field | undefined;
  for await (const field of fields.of(message, `metadata of ${what}`)) {
    if (field.number === 1) key = await fields.text(field, `a key of ${what}`);
    if (field.number === 2) value = field;
  }
  if (key !== "pkg.torch.onnx.name_scopes" || value === undefined) return undefined;
  const text = await fields.text(value, `the scopes of ${what}`);
  // A list as Python prints it: the names of modules have no quotes.
  return [...text.matchAll(/'([^']*)'|"([^"]*)"/g)].map(([, a, b]) => a ?? b ?? "");
}
