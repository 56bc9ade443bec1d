import { deepStrictEqual, equal } from "node:assert/strict";
import { errors } from "@polar-sh/sdk/2026-10";

export const steps = {
  async "an endpoint is created, changed, read and deleted"({ polar, refused }) {
    const { webhooks } = polar;
    const made = await webhooks.createWebhookEndpoint({
      url: "http://127.0.0.1:9/none", format: "raw", events: ["order.paid"],
    });
    const changed = await webhooks.updateWebhookEndpoint(made.id, { enabled: false, events: ["order.created"] });
    deepStrictEqual([changed.enabled, changed.events], [false, ["order.created"]]);
    const reset = await webhooks.resetWebhookEndpointSecret(made.id);
    equal(reset.secret === made.secret, false);
    deepStrictEqual(await webhooks.getWebhookEndpoint(made.id), reset);
    equal((await webhooks.listWebhookEndpoints()).pagination.total_count, 2);
    await webhooks.deleteWebhookEndpoint(made.id);
    await refused(errors.ResourceNotFound, () => webhooks.getWebhookEndpoint(made.id));
  },

  async "an endpoint without a URL is a validation error"({ polar, refused }) {
    const error = await refused(errors.HTTPValidationError,
      () => polar.webhooks.createWebhookEndpoint({ url: "nowhere", format: "raw", events: ["order.payed"] }));
    deepStrictEqual(error.error.detail.map(detail => detail.loc[1]), ["url", "events"]);
  },
};
