// Runs the steps of one file with Polar's official client: node run.mjs <steps> <base URL before /v1> <token>
// Each step is a line of the output; one that fails ends the run with exit code 1.
import { deepStrictEqual } from "node:assert";
import { createPolar } from "@polar-sh/sdk/2026-10";
import { receiveWebhooks } from "./webhooks.mjs";

const [file, baseUrl, accessToken] = process.argv.slice(2);
const { steps } = await import(new URL(file, import.meta.url));
const polar = createPolar({ baseUrl, accessToken, timeout: 30 });
const received = await receiveWebhooks(polar);

// Runs an action, and returns the webhooks that follow it, which must be of these types in this order.
async function emits(types, action) {
  const result = await action();
  const events = await received.next(types.length);
  deepStrictEqual(events.map(event => event.type), types);
  return { result, events };
}

// Runs an action that Polar refuses, and returns the error, which must be of this class of the client's.
async function refused(errorClass, action) {
  try {
    await action();
  } catch (error) {
    if (error instanceof errorClass) {
      return error;
    }
    throw error;
  }
  throw new Error(`not refused: ${errorClass.name} was expected`);
}

const kept = {}; // what a step leaves to the next ones
let failed = false;
for (const [name, step] of Object.entries(steps)) {
  try {
    await step({ polar, kept, emits, refused, received });
    deepStrictEqual(received.unread(), [], "webhooks that no step has read");
    console.log(`ok      ${name}`);
  } catch (error) {
    console.log(`FAILED  ${name}\n${error.stack}`);
    failed = true;
    break; // the next steps may need what this one would have left
  }
}
process.exit(failed ? 1 : 0);
