// An endpoint for all of Polar's webhooks, which verifies and reads them with the official client.
import { createServer } from "node:http";
import { once } from "node:events";
import { webhooks } from "@polar-sh/sdk/2026-10";

const PATIENCE = 20_000;
const TYPES = {
  checkout: ["created", "updated", "expired"],
  customer: ["created", "updated", "deleted", "state_changed"],
  customer_seat: ["assigned", "claimed", "revoked"],
  member: ["created", "updated", "deleted"],
  order: ["created", "updated", "paid", "refunded"],
  subscription: ["created", "updated", "active", "canceled", "uncanceled", "cycled", "past_due", "revoked", "paused",
    "resumed", "migrated"],
  refund: ["created", "updated"],
  product: ["created", "updated"],
  discount: ["created", "updated", "deleted"],
  benefit: ["created", "updated"],
  benefit_grant: ["created", "updated", "cycled", "revoked"],
  organization: ["updated"],
};

export async function receiveWebhooks(polar) {
  const arrived = [];
  const types = () => arrived.map(event => event.type ?? String(event));
  let secret;
  let wake = () => {};
  const server = createServer(async (request, response) => {
    const chunks = await request.toArray();
    try {
      arrived.push(await webhooks.validateEvent(Buffer.concat(chunks), request.headers, secret));
      response.writeHead(202).end();
    } catch (error) {
      arrived.push(error);
      response.writeHead(202).end(); // no second attempt: the step fails
    }
    wake();
  }).listen(0, "127.0.0.1");
  await once(server, "listening");
  const url = `http://127.0.0.1:${server.address().port}/webhooks`;
  const events = Object.entries(TYPES)
    .flatMap(([object, changes]) => changes.map(change => `${object}.${change}`));
  ({ secret } = await polar.webhooks.createWebhookEndpoint({ url, format: "raw", events }));

  // Waits until `ready` says how many of those that have arrived are taken.
  async function take(ready, expected) {
    const deadline = AbortSignal.timeout(PATIENCE);
    let number;
    while ((number = ready()) === 0) {
      await new Promise((resolve, reject) => {
        wake = resolve;
        deadline.onabort = () => reject(new Error(`instead of ${expected} these came: ${types().join(", ")}`));
      });
    }
    const taken = arrived.splice(0, number);
    const broken = taken.find(event => event instanceof Error);
    if (broken) {
      throw broken;
    }
    return taken;
  }

  return {
    url,
    unread: types,

    // The next webhooks, oldest first.
    next: number => take(() => arrived.length < number ? 0 : number, `${number} webhooks`),

    // The next webhooks up to one of this type.
    until: type => take(() => arrived.findIndex(event => event.type === type) + 1, type),
  };
}
