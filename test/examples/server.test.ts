/** The server of docs/server.md: what the page shows is what runs here. */
import { spawn } from "node:child_process";
import { EventEmitter, once } from "node:events";
import {
  cpSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { createServer, type Server } from "node:http";
import { type AddressInfo, connect } from "node:net";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { pathToFileURL } from "node:url";
import { createInterface } from "node:readline";
import sharp from "sharp";
import { InceptError } from "inceptc";
import { describe, expect, onTestFinished, test, vi } from "vitest";
import { answer, type Classifier } from "../../examples/server/answer.js";
import { writeSafetensors } from "../../src/checkpoints/safetensors/write.js";

const classes = [{ index: 3, label: "cat", probability: 1 }];

describe("an answer", () => {
  /** Serves a model, and gives where. */
  async function serving(classify: Classifier["classify"]): Promise<string> {
    const server: Server = createServer(
      (request, response) => void answer({ classify }, request, response),
    );
    onTestFinished(() => void server.close());
    await once(server.listen(0, "127.0.0.1"), "listening");
    return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  }

  const post = async (url: string, body: Uint8Array): Promise<[number, unknown]> => {
    const response = await fetch(url, { method: "POST", body });
    return [response.status, await response.json()];
  };

  test("is the classes of the picture that was sent", async () => {
    const classify = vi.fn(() => Promise.resolve(classes));
    expect(await post(await serving(classify), Uint8Array.of(1, 2, 3))).toEqual([200, classes]);
    expect(classify).toHaveBeenCalledWith(Buffer.of(1, 2, 3), expect.anything());
  });

  test.each([
    [503, "busy", new InceptError("model/busy", "full")],
    [503, "going down", new InceptError("model/disposed", "gone")],
    [415, "no picture", new InceptError("image/unreadable", "no picture")],
    [413, "too many pixels", new InceptError("image/too-large", "too many pixels")],
    [504, "too slow", new DOMException("aborted", "TimeoutError")],
  ])("is %i, %s", async (status, message, error) => {
    const url = await serving(() => Promise.reject(error));
    const response = await fetch(url, { method: "POST", body: "x" });
    expect([response.status, await response.json()]).toEqual([status, { error: message }]);
    expect(response.headers.get("retry-after")).toBe(
      message === "busy" || status === 503 ? "1" : null,
    );
  });

  test("tells nothing of an error of ours", async () => {
    const log = vi.spyOn(console, "error").mockReturnValue();
    onTestFinished(() => log.mockRestore());
    const error = new Error("the secret");
    const url = await serving(() => Promise.reject(error));
    expect(await post(url, Uint8Array.of(1))).toEqual([500, { error: "internal error" }]);
    expect(log).toHaveBeenCalledWith(error);
  });

  test("is 413 for a body that is too large, which is not kept", async () => {
    const classify = vi.fn(() => Promise.resolve(classes));
    const [status, content] = await post(await serving(classify), new Uint8Array(11 * 2 ** 20));
    expect([status, content]).toEqual([413, { error: "a picture has at most 10485760 bytes" }]);
    expect(classify).not.toHaveBeenCalled();
  });

  test("is not waited for when the client has gone, which is no error of ours", async () => {
    const log = vi.spyOn(console, "error").mockReturnValue();
    onTestFinished(() => log.mockRestore());
    const arrived = new EventEmitter();
    const asked: AbortSignal[] = [];
    const { port, hostname } = new URL(
      await serving((_, { signal }) => {
        asked.push(signal!);
        arrived.emit("request");
        return new Promise((_resolve, reject) =>
          signal!.addEventListener("abort", () => reject(signal!.reason as Error)),
        );
      }),
    );
    const client = connect(Number(port), hostname);
    client.write("POST / HTTP/1.1\r\nHost: here\r\nContent-Length: 1\r\n\r\nx");
    await once(arrived, "request");
    const signal = asked[0]!;
    expect(signal.aborted).toBe(false);
    client.destroy();
    await once(signal, "abort");
    // What answers has heard of it by then.
    await new Promise(setImmediate);
    expect(log).not.toHaveBeenCalled();
  });
});

const spec = `model CifarInception {
  input image: f32[3, 8, 8] from image(resize: 8)
  output prob: globalavgpool -> linear(2) as fc -> softmax
}
`;

const f32 = (shape: readonly number[], ...values: readonly number[]) => ({
  dtype: "F32" as const,
  shape,
  bytes: new Uint8Array(Float32Array.from(values).buffer),
});

test("serves a network, and ends on SIGTERM", async () => {
  const folder = mkdtempSync(join(tmpdir(), "incept-server-"));
  onTestFinished(() => rmSync(folder, { recursive: true }));
  const file = (...parts: string[]): string => join(folder, ...parts);
  cpSync("examples/server", file("server"), { recursive: true });
  mkdirSync(file("cifar-inception"));
  mkdirSync(file("node_modules"));
  symlinkSync(resolve("."), file("node_modules", "inceptc"));
  writeFileSync(file("package.json"), `{ "type": "module" }`);
  // In place of the example's network one that compiles in a few seconds: red is class 0.
  writeFileSync(file("cifar-inception", "cifar-inception.incept"), spec);
  await writeSafetensors(
    file("cifar-inception", "cifar-inception.safetensors"),
    new Map([
      ["fc.weight", f32([2, 3], 9, 0, 0, 0, 9, 0)],
      ["fc.bias", f32([2], 0, 0)],
    ]),
  );
  const tsx = pathToFileURL(resolve("node_modules/tsx/dist/esm/index.mjs")).href;
  const hooks = ["--import", resolve("dist/register.js"), "--import", tsx];
  const server = spawn(process.execPath, [...hooks, "server/main.ts"], {
    cwd: folder,
    env: { ...process.env, PORT: "0", XDG_CACHE_HOME: file("cache") },
    stdio: ["ignore", "pipe", "inherit"],
  });
  onTestFinished(() => void server.kill("SIGKILL"));
  const ended = once(server, "exit");
  let text = "";
  for await (const row of createInterface(server.stdout)) {
    text += row;
    if (text.includes("}")) break;
  }
  const url = `http://localhost:${/port: (\d+)/.exec(text)?.[1] ?? ""}`;
  const red = { width: 20, height: 10, channels: 3, background: "#f00" } as const;
  const picture = await sharp({ create: red }).png().toBuffer();
  const response = await fetch(url, { method: "POST", body: new Uint8Array(picture) });
  expect(response.status).toBe(200);
  expect(await response.json()).toMatchObject([{ label: "0" }, { label: "1" }]);
  expect((await fetch(url, { method: "POST", body: "no picture" })).status).toBe(415);
  server.kill("SIGTERM");
  expect(await ended).toEqual([0, null]);
});

test("docs/server.md shows it as it is", () => {
  const page = readFileSync("docs/server.md", "utf8");
  const shown = [...page.matchAll(/```ts\n(\/\/ (\w+\.ts)\n[^]*?)```/g)];
  expect(shown.map(([, , name]) => name)).toEqual(["main.ts", "answer.ts"]);
  for (const [, text, name = ""] of shown) {
    expect(text).toBe(readFileSync(`examples/server/${name}`, "utf8"));
  }
});
