// answer.ts
import type { IncomingMessage, ServerResponse } from "node:http";
import { type Classification, InceptError, type PictureOptions } from "inceptc";

/** What is asked of a model here. */
export interface Classifier {
  classify(picture: Uint8Array, options: PictureOptions): Promise<Classification[]>;
}

/** Answers a request whose body is a picture with the picture's classes, as JSON. */
export async function answer(
  model: Classifier,
  request: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  // A client that has gone, and a queue that is too slow, end the waiting.
  const gone = new AbortController();
  response.once("close", () => gone.abort());
  const signal = AbortSignal.any([gone.signal, AbortSignal.timeout(5_000)]);
  try {
    const picture = await body(request);
    send(response, 200, await model.classify(picture, { signal, maxPixels: 20_000_000 }));
  } catch (error) {
    if (gone.signal.aborted) return;
    const [status, message] = refusal(error);
    if (status === 500) console.error(error);
    if (status === 503) response.setHeader("retry-after", "1");
    send(response, status, { error: message });
  }
}

const largest = 10 * 2 ** 20;
const tooLarge = new Error(`a picture has at most ${largest} bytes`);

async function body(request: IncomingMessage): Promise<Uint8Array> {
  const chunks: Uint8Array[] = [];
  let size = 0;
  for await (const chunk of request as AsyncIterable<Uint8Array>) {
    size += chunk.length;
    // What is left out is read all the same: a client that still sends hears no answer.
    if (size <= largest) chunks.push(chunk);
  }
  if (size > largest) throw tooLarge;
  return Buffer.concat(chunks);
}

/** Whose fault it is: the request's, the load's, or else ours, of which nothing is told. */
function refusal(error: unknown): [status: number, message: string] {
  if (error === tooLarge) return [413, tooLarge.message];
  if (error instanceof DOMException && error.name === "TimeoutError") return [504, "too slow"];
  if (error instanceof InceptError) {
    if (error.code === "model/busy") return [503, "busy"];
    if (error.code === "model/disposed") return [503, "going down"];
    if (error.code === "image/unreadable") return [415, error.message];
    if (error.code === "image/too-large") return [413, error.message];
  }
  return [500, "internal error"];
}

function send(response: ServerResponse, status: number, content: unknown): void {
  response.writeHead(status, { "content-type": "application/json" }).end(JSON.stringify(content));
}
