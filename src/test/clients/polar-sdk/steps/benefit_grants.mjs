import { deepStrictEqual, equal } from "node:assert/strict";

export const steps = {
  async "the live grants of a customer are listed, oldest first if asked"({ polar }) {
    const { items } = await polar.benefitGrants.list({
      external_customer_id: "org-1", is_granted: true, sorting: ["created_at"],
    });
    deepStrictEqual(items.map(grant => grant.benefit.type), ["feature_flag", "custom"]);
    equal(items[0].customer.external_id, "org-1");
    equal((await polar.benefitGrants.list({ external_customer_id: "nobody" })).pagination.total_count, 0);
  },
};
