package dev.plinto.polar.ops;

import com.fasterxml.jackson.annotation.JsonIgnore;
import com.fasterxml.jackson.databind.PropertyNamingStrategies.SnakeCaseStrategy;
import com.fasterxml.jackson.databind.annotation.JsonNaming;
import dev.plinto.polar.postgres.RequestQueries;
import io.smallrye.mutiny.Uni;
import io.vertx.mutiny.sqlclient.Tuple;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// Finds what an id is of, if it is not the id of an account.
@ApplicationScoped
class OtherIds {

    private final RequestQueries database;
    private final Events events;

    OtherIds(RequestQueries database, Events events) {
        this.database = database;
        this.events = events;
    }

    /// What an id is of. Its wire name is also the word for people.
    public enum Kind {
        CUSTOMER, SUBSCRIPTION, ORDER, GRANT, BENEFIT, PRODUCT, EVENT;

        String wireName() {
            return name().toLowerCase(Locale.ROOT);
        }

        /// Whether many accounts can have it, so that it leads to none.
        boolean isShared() {
            return this == BENEFIT || this == PRODUCT;
        }
    }

    /// @param kind     the wire name of a [Kind]
    /// @param name     of an event its type; null if it has none
    /// @param accounts that it belongs to; none of a benefit or a product, which many have
    @JsonNaming(SnakeCaseStrategy.class)
    public record Identified(String kind, String id, @Nullable String name, List<String> accounts) {

        public Identified {
            accounts = List.copyOf(accounts);
        }

        static Identified of(Kind kind, String id, @Nullable String name, @Nullable String account) {
            return new Identified(kind.wireName(), id, name, account == null ? List.of() : List.of(account));
        }

        /// Whether many accounts can have it.
        @JsonIgnore
        public boolean isShared() {
            return Kind.valueOf(kind.toUpperCase(Locale.ROOT)).isShared();
        }

        @JsonIgnore
        public boolean isEvent() {
            return kind.equals(Kind.EVENT.wireName());
        }

        /// For people: `a subscription (Pro)`
        @JsonIgnore
        public String described() {
            return ("aeiou".indexOf(kind.charAt(0)) < 0 ? "a " : "an ") + kind
                    + (name == null ? "" : " (" + name + ")");
        }

        Identified withAccounts(List<String> found) {
            return new Identified(kind, id, name, found);
        }
    }

    /// An object belongs to the account that it was last published with, else to the organization in its own metadata
    /// or in that of the subscription or order that it came with, else to its customer's.
    Uni<Optional<Identified>> find(String id) {
        return database.query("""
                WITH found (kind, name, account, organization, customer) AS (
                  SELECT 'CUSTOMER', NULL, NULL, NULL, id FROM customers WHERE id = $1
                  UNION ALL
                  SELECT 'SUBSCRIPTION', product_name, account, organization_id, customer_id
                  FROM subscriptions WHERE id = $1
                  UNION ALL
                  SELECT 'ORDER', NULL, NULL, organization_id, customer_id FROM orders WHERE id = $1
                  UNION ALL
                  SELECT 'GRANT', grants.description, coalesce(grants.account, subscriptions.account),
                         coalesce(subscriptions.organization_id, orders.organization_id), grants.customer_id
                  FROM grants LEFT JOIN subscriptions ON subscriptions.id = grants.subscription_id
                    LEFT JOIN orders ON orders.id = grants.order_id
                  WHERE grants.id = $1
                  UNION ALL
                  SELECT 'BENEFIT', description, NULL, NULL, NULL FROM benefits WHERE id = $1
                  UNION ALL
                  SELECT 'PRODUCT', name, NULL, NULL, NULL FROM products WHERE id = $1
                  UNION ALL
                  SELECT 'EVENT', type, NULL, NULL, NULL FROM inbox WHERE webhook_id = $1
                  UNION ALL
                  SELECT 'EVENT', type, NULL, NULL, NULL FROM parked WHERE webhook_id = $1
                )
                SELECT kind, name, coalesce(account, (
                    SELECT given.id FROM unnest(ARRAY[organization, external_id]) WITH ORDINALITY AS given (id, place)
                    WHERE given.id ~ '\\S' AND NOT starts_with(given.id, 'customer:') ORDER BY place LIMIT 1),
                  'customer:' || customer)
                FROM found LEFT JOIN customers ON customers.id = customer LIMIT 1
                """, Tuple.of(id),
                row -> Identified.of(Kind.valueOf(row.getString(0)), id, row.getString(1), row.getString(2)))
                .map(found -> found.stream().findFirst())
                .flatMap(found -> found.filter(Identified::isEvent).isEmpty()
                        ? Uni.createFrom().item(found)
                        : events.details(id).map(event -> found.map(known -> known.withAccounts(event.accounts()))));
    }
}
