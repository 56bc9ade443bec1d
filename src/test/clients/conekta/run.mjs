// Runs the steps of one file with Conekta's official client: node run.mjs <steps> <base URL> <key>
// Each step is a line of the output; one that fails ends the run with exit code 1.
import { deepStrictEqual } from "node:assert";
import { Configuration } from "conekta";
import { receiveWebhooks } from "./webhooks.mjs";

const [file, basePath, accessToken] = process.argv.slice(2);
const { steps } = await import(new URL(file, import.meta.url));
const configuration = new Configuration({ accessToken, basePath });
const received = await receiveWebhooks(configuration);

// Runs an action, and returns its result and the webhooks that follow it, which must be of these types (sorted).
async function emits(types, action) {
  const { data } = await action();
  const events = await received.next(types.length);
  deepStrictEqual(events.map(event => event.type), types);
  return { data, events };
}

// Runs an action that Conekta refuses with this status, and returns its error object.
async function refused(status, action) {
  try {
    await action();
  } catch (error) {
    if (error.response?.status === status) {
      deepStrictEqual(error.response.data.object, "error");
      return error.response.data;
    }
    throw error;
  }
  throw new Error(`not refused: ${status} was expected`);
}

const kept = {}; // what a step leaves to the next ones
let failed = false;
for (const [name, step] of Object.entries(steps)) {
  try {
    await step({ configuration, kept, emits, refused, received });
    deepStrictEqual(received.unread(), [], "webhooks that no step has read");
    console.log(`ok      ${name}`);
  } catch (error) {
    console.log(`FAILED  ${name}\n${error.stack}\n${JSON.stringify(error.response?.data)}`);
    failed = true;
    break; // the next steps may need what this one would have left
  }
}
process.exit(failed ? 1 : 0);
