package dev.plinto.polar.access;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.plinto.polar.IdParameter;
import dev.plinto.polar.Problem;
import dev.plinto.polar.entitlement.Entitlement;
import dev.plinto.polar.postgres.ReadModel;
import dev.plinto.polar.postgres.ReadModels;
import dev.plinto.polar.postgres.RequestQueries;
import dev.plinto.polar.postgres.StoredJson;
import dev.plinto.polar.postgres.Timestamps;
import io.smallrye.mutiny.Uni;
import io.vertx.mutiny.sqlclient.Row;
import io.vertx.mutiny.sqlclient.Tuple;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/// What one member of an account may use: the account's set, with the grants that count for them.
///
/// A grant counts for everybody once it is known that what it was granted through has no seats; until then, and if it
/// has seats, for its member alone. (Where Polar has members, each grant names one, also where there are no seats.)
@ApplicationScoped
class MemberAccess {

    /// One statement, so that the grants are those of the set. The digest is that of [Entitlement]; PostgreSQL makes
    /// it, so that an account with any number of grants costs this service no more than what it answers.
    ///
    /// What is known of a subscription is known with its seats. An order that an older release stored lacks both its
    /// seats and its time. A grant of which only customer snapshots tell has no scope yet; its own events would say
    /// whether it is granted.
    private static final String GRANTS = """
            WITH counting AS MATERIALIZED (
              SELECT grants.*, row_number() OVER (PARTITION BY benefit_id ORDER BY grants.id COLLATE "C") AS place
              FROM grants
              LEFT JOIN subscriptions ON subscriptions.id = grants.subscription_id
              LEFT JOIN orders ON orders.id = grants.order_id
              LEFT JOIN members ON members.id = grants.member_id
              WHERE grants.account = $1
                AND ((grants.subscription_id IS NULL
                      OR subscriptions.said_at IS NOT NULL AND subscriptions.seats IS NULL)
                     AND (grants.order_id IS NULL OR orders.created_at IS NOT NULL AND orders.seats IS NULL)
                     AND (grants.subscription_id IS NOT NULL OR grants.order_id IS NOT NULL
                          OR grants.is_granted IS NOT NULL)
                  OR members.deleted_at IS NULL AND (members.external_id = $2 OR grants.member_id = $3))
            ), benefit AS (
              SELECT benefit_id, count(*) AS grant_count, encode(substr(sha256(convert_to(
                       string_agg(id, E'\\n' ORDER BY id COLLATE "C"), 'UTF8')), 1, 16), 'hex') AS grants_digest
              FROM counting GROUP BY benefit_id
            )
            SELECT NULL AS benefit_id, published::text AS set, NULL AS grant_count, NULL AS grants_digest, NULL AS id,
                   NULL AS customer_id, NULL AS subscription_id, NULL AS order_id, NULL AS member_id,
                   NULL::timestamptz AS granted_at, 0 AS place
            FROM accounts WHERE account = $1 AND published IS NOT NULL
            UNION ALL
            SELECT benefit_id, NULL, grant_count, grants_digest, id, customer_id, subscription_id, order_id, member_id,
                   granted_at, place
            FROM counting JOIN benefit USING (benefit_id) WHERE place <= $4
            ORDER BY place
            """;

    private final RequestQueries database;
    private final ReadModels models;

    MemberAccess(RequestQueries database, ReadModels models) {
        this.database = database;
        this.models = models;
    }

    /// Who a set is asked for: by the application's id of the user, or by Polar's of the member.
    record Member(@Nullable String userId, @Nullable String memberId) {

        /// Throws 400 `parameter-invalid` unless one of them is there and can be an id.
        static Member of(@Nullable String userId, @Nullable String memberId) {
            if (userId != null && memberId != null) {
                throw new Problem("parameter-invalid", 400, "The query parameters user_id and member_id are both there",
                        "Send one of them.").exception();
            }
            return new Member(userId == null ? null : IdParameter.valid("user_id", List.of(userId)),
                    memberId == null ? null : IdParameter.valid("member_id", List.of(memberId)));
        }
    }

    /// Whom Polar does not know may use what counts for everybody. Fails with the problem `not-ready` (503) until all
    /// members, and the seats of all orders, are known.
    Uni<String> entitlements(String account, Member member) {
        Tuple parameters = Tuple.of(account, member.userId(), member.memberId(), Entitlement.MAX_GRANTS);
        return models.require(ReadModel.MEMBERS, ReadModel.ORDERS)
                .chain(() -> database.query(GRANTS, parameters, MemberAccess::read))
                .map(rows -> set(account, rows));
    }

    private sealed interface Found {

        record Set(String json) implements Found {

            @Override
            public String toString() {
                return "Set";
            }
        }

        record Listed(String benefitId, long grantCount, String grantsDigest, Explanation.Grant grant)
                implements
                    Found {}
    }

    private static Found read(Row row) {
        String set = row.getString("set");
        return set != null
                ? new Found.Set(set)
                : new Found.Listed(row.getString("benefit_id"), row.getLong("grant_count"),
                        row.getString("grants_digest"),
                        new Explanation.Grant(row.getString("id"), row.getString("customer_id"),
                                row.getString("subscription_id"), row.getString("order_id"),
                                row.getString("member_id"), Timestamps.toText(row.getOffsetDateTime("granted_at"))));
    }

    private static String set(String account, List<Found> rows) {
        String published = AccessQueries.unknownAccount(account);
        Map<String, List<Found.Listed>> counting = new HashMap<>();
        for (Found row : rows) {
            switch (row) {
                case Found.Set(String json) -> published = json;
                case Found.Listed listed ->
                    counting.computeIfAbsent(listed.benefitId, first -> new ArrayList<>()).add(listed);
            }
        }
        return reduced((ObjectNode) StoredJson.read(published), counting).toString();
    }

    /// The published set with these grants. What the message changed is not told: it was not this member's change.
    private static ObjectNode reduced(ObjectNode set, Map<String, List<Found.Listed>> counting) {
        ArrayNode entitlements = set.arrayNode();
        set.path("entitlements").valueStream().map(ObjectNode.class::cast)
                .filter(entitlement -> counting.containsKey(entitlement.path("benefit_id").asText()))
                .forEach(entitlement -> entitlements.add(reduced(entitlement,
                        Objects.requireNonNull(counting.get(entitlement.path("benefit_id").asText())))));
        set.set("entitlements", entitlements);
        set.putArray("granted");
        set.putArray("revoked");
        return set;
    }

    /// A set that is too large for its message lists no grants, and nor does its part.
    private static ObjectNode reduced(ObjectNode entitlement, List<Found.Listed> counting) {
        boolean listsGrants = !entitlement.path("grants").isEmpty();
        entitlement.put("grant_count", counting.getFirst().grantCount());
        entitlement.put("grants_digest", counting.getFirst().grantsDigest());
        ArrayNode grants = entitlement.putArray("grants");
        if (listsGrants) {
            counting.forEach(listed -> grants.addObject()
                    .put("grant_id", listed.grant.grantId())
                    .put("customer_id", listed.grant.customerId())
                    .put("subscription_id", listed.grant.subscriptionId())
                    .put("order_id", listed.grant.orderId())
                    .put("member_id", listed.grant.memberId())
                    .put("granted_at", listed.grant.grantedAt()));
        }
        return entitlement;
    }
}
