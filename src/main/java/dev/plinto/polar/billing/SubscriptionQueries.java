package dev.plinto.polar.billing;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.plinto.polar.ExactJson;
import dev.plinto.polar.entitlement.Account;
import dev.plinto.polar.postgres.RequestQueries;
import io.smallrye.mutiny.Uni;
import io.vertx.mutiny.sqlclient.Row;
import io.vertx.mutiny.sqlclient.Tuple;
import jakarta.enterprise.context.ApplicationScoped;
import java.io.IOException;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// Reads a subscription as it is projected.
@ApplicationScoped
class SubscriptionQueries {

    private final RequestQueries queries;

    SubscriptionQueries(RequestQueries queries) {
        this.queries = queries;
    }

    /// A subscription whose organization is known.
    ///
    /// @param told the newest message on `polar.subscription.changed`; empty if nothing is known of it but whose it is
    record Found(String organization, Optional<ObjectNode> told) {}

    /// Empty also while it is not known which organization's it is.
    Uni<Optional<Found>> find(String subscriptionId) {
        return queries.query("SELECT account, published::text FROM subscriptions WHERE id = $1 AND account IS NOT NULL",
                Tuple.of(subscriptionId), SubscriptionQueries::read)
                .map(rows -> rows.stream().flatMap(Optional::stream).findFirst());
    }

    private static Optional<Found> read(Row row) {
        return Optional.ofNullable(new Account(row.getString(0)).organizationId())
                .map(organization -> new Found(organization, Optional.ofNullable(json(row.getString(1)))));
    }

    private static @Nullable ObjectNode json(@Nullable String published) {
        try {
            return published == null ? null : (ObjectNode) ExactJson.read(published);
        } catch (IOException impossible) { // we wrote it
            throw new IllegalStateException(impossible);
        }
    }
}
