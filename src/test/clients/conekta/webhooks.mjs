// An endpoint for all of Conekta's webhooks, which verifies them by the active key: the official client has no verifier.
import { once } from "node:events";
import { createServer } from "node:http";
import { verify } from "node:crypto";
import { WebhookKeysApi, WebhooksApi } from "conekta";

const PATIENCE = 20_000;

export async function receiveWebhooks(configuration) {
  const arrived = [];
  let wake = () => {};
  const keys = new WebhookKeysApi(configuration);
  await keys.createWebhookKey("es", { active: true });
  const { data: [key] } = (await keys.getWebhookKeys()).data;
  const server = createServer(async (request, response) => {
    const body = Buffer.concat(await request.toArray());
    const signed = verify("RSA-SHA256", body, key.public_key, Buffer.from(request.headers.digest ?? "", "base64"));
    const changed = verify("RSA-SHA256", Buffer.concat([body, Buffer.from(" ")]), key.public_key,
      Buffer.from(request.headers.digest ?? "", "base64"));
    arrived.push(signed && !changed ? JSON.parse(body) : new Error("the signature does not fit"));
    response.writeHead(200).end(); // no second attempt: the step fails
    wake();
  }).listen(0, "127.0.0.1");
  await once(server, "listening");
  const url = `http://127.0.0.1:${server.address().port}/webhooks`;
  const { data: webhook } = await new WebhooksApi(configuration).createWebhook({ url, subscribed_events: [] });

  return {
    url,
    webhook,
    unread: () => arrived.map(event => event.type ?? String(event)),

    // The next webhooks, by their time and type: Conekta promises no order.
    async next(number) {
      const deadline = AbortSignal.timeout(PATIENCE);
      while (arrived.length < number) {
        await new Promise((resolve, reject) => {
          wake = resolve;
          deadline.onabort = () => reject(new Error(`${number} webhooks were expected: ${this.unread()}`));
        });
      }
      const taken = arrived.splice(0, number);
      const broken = taken.find(event => event instanceof Error);
      if (broken) {
        throw broken;
      }
      return taken.sort((one, other) => one.type.localeCompare(other.type));
    },
  };
}
