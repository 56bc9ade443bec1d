import { deepStrictEqual, equal, ok } from "node:assert/strict";
import { errors } from "@polar-sh/sdk/2026-10";

export const steps = {
  async "customers are listed, and paged by the client"({ polar, kept }) {
    const { items, pagination } = await polar.customers.list({ limit: 1 });
    deepStrictEqual([items.length, pagination], [1, { total_count: 2, max_page: 2 }]);
    const all = [];
    for await (const customer of polar.customers.iterList({ limit: 1, sorting: ["created_at"] })) {
      all.push(customer);
    }
    deepStrictEqual(all.map(customer => customer.external_id), ["org-1", "org/2 ä"]);
    [kept.buyer, kept.other] = all;
  },

  async "a customer is found by its e-mail, and by a part of its name"({ polar, kept }) {
    equal((await polar.customers.list({ email: kept.buyer.email })).items[0].id, kept.buyer.id);
    equal((await polar.customers.list({ query: "org-1" })).pagination.total_count, 1);
    equal((await polar.customers.list({ active: true })).items[0].id, kept.buyer.id);
    equal((await polar.customers.list({ metadata: { team: "none" } })).pagination.max_page, 0);
  },

  async "a customer is read by its id"({ polar, kept }) {
    deepStrictEqual(await polar.customers.get(kept.buyer.id), kept.buyer);
    ok("deleted_at" in kept.buyer && "avatar_url" in kept.buyer, "nulls are present");
  },

  async "an unknown customer is an error of the client's class"({ polar, refused }) {
    const error = await refused(errors.ResourceNotFound,
      () => polar.customers.get("00000000-0000-4000-8000-000000000000"));
    deepStrictEqual([error.statusCode, error.error.error], [404, "ResourceNotFound"]);
  },

  async "a wrong id and a wrong filter are validation errors"({ polar, refused }) {
    const path = await refused(errors.HTTPValidationError, () => polar.customers.get("a/b"));
    deepStrictEqual(path.error.detail[0].loc, ["path", "id"]);
    const query = await refused(errors.HTTPValidationError, () => polar.customers.list({ limit: 0 }));
    deepStrictEqual(query.error.detail[0].loc, ["query", "limit"]);
  },
};
