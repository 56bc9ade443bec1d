import { deepStrictEqual, equal, match } from "node:assert/strict";
import { EventsApi, WebhookKeysApi, WebhooksApi } from "conekta";

export const steps = {
  async "a webhook is tested, and its event sent again"({ configuration, emits, received }) {
    const { events: [ping] } = await emits(["webhook_ping"],
      () => new WebhooksApi(configuration).testWebhook(received.webhook.id));
    const events = new EventsApi(configuration);
    equal((await events.getEvents()).data.data[0].id, ping.id);
    const { events: [again] } = await emits(["webhook_ping"],
      () => events.resendEvent(ping.id, { webhooks_ids: [received.webhook.id] }));
    equal(again.id, ping.id);
    equal((await events.getEvent(ping.id)).data.webhook_logs[0].url, received.url);
  },

  async "a key is made, read, changed and deleted"({ configuration }) {
    const keys = new WebhookKeysApi(configuration);
    const { data: key } = await keys.createWebhookKey("es", { active: false });
    match(key.public_key, /^-----BEGIN PUBLIC KEY-----/);
    deepStrictEqual((await keys.getWebhookKey(key.id)).data, key);
    equal((await keys.updateWebhookKey(key.id, "es", { active: true })).data.active, true);
    equal((await keys.getWebhookKeys()).data.data.length, 2);
    equal((await keys.deleteWebhookKey(key.id)).data.id, key.id);
  },
};
