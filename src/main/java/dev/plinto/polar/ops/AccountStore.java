package dev.plinto.polar.ops;

import com.fasterxml.jackson.annotation.JsonIgnore;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.PropertyNamingStrategies.SnakeCaseStrategy;
import com.fasterxml.jackson.databind.annotation.JsonNaming;
import dev.plinto.polar.Rfc3339;
import dev.plinto.polar.entitlement.Account;
import io.smallrye.mutiny.Uni;
import io.vertx.mutiny.sqlclient.Row;
import io.vertx.mutiny.sqlclient.Tuple;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.List;

/// What is known of one account now.
@ApplicationScoped
class AccountStore {

    private static final ObjectMapper JSON = new ObjectMapper();

    private final OpsDatabase database;
    private final EventStore events;

    AccountStore(OpsDatabase database, EventStore events) {
        this.database = database;
        this.events = events;
    }

    /// @param organizationId null while it is linked to none
    /// @param entitlements   as published last; null where nothing ever was
    /// @param subscriptions  as published last
    /// @param grants         of its customers, also those that are not live, and those that give another account access
    @JsonNaming(SnakeCaseStrategy.class)
    record Known(String account, String organizationId, JsonNode entitlements, List<JsonNode> subscriptions,
            List<Customer> customers, List<Grant> grants) {

        Known {
            subscriptions = List.copyOf(subscriptions);
            customers = List.copyOf(customers);
            grants = List.copyOf(grants);
        }
    }

    /// @param organizationId that it is linked to by itself
    @JsonNaming(SnakeCaseStrategy.class)
    record Customer(String customerId, String organizationId, String deletedAt) {}

    /// @param isGranted as the grant's own events say; null where none has come
    /// @param account   that may use the benefit by it; null while it is not live
    /// @param saidAt    of the newest statement about it, by Polar's clock
    /// @param saidBy    the event that made it
    @JsonNaming(SnakeCaseStrategy.class)
    record Grant(String grantId, String customerId, String subscriptionId, String orderId, String benefitId,
            String benefitType, String description, String feature, Boolean isGranted, String account, String grantedAt,
            String saidAt, String saidBy) {

        @JsonIgnore
        public boolean isLive() {
            return account != null;
        }
    }

    Uni<Known> known(String account) {
        return events.customersOf(account).flatMap(ids -> {
            Tuple customers = Tuple.of(ids.toArray(String[]::new));
            return Uni.combine().all().unis(
                    database.query("SELECT published::text FROM accounts WHERE account = $1 AND published IS NOT NULL",
                            Tuple.of(account), row -> json(row.getString(0))),
                    database.query("SELECT published::text FROM subscriptions WHERE account = $1 "
                            + "AND published IS NOT NULL ORDER BY id LIMIT 200", Tuple.of(account),
                            row -> json(row.getString(0))),
                    database.query("SELECT id, external_id, deleted_at FROM customers WHERE id = ANY ($1) ORDER BY id",
                            customers, row -> new Customer(row.getString(0), row.getString(1), time(row, 2))),
                    database.query("""
                            SELECT id, customer_id, subscription_id, order_id, benefit_id, benefit_type, description,
                                   feature, is_granted, account, granted_at, said_at, said_by
                            FROM grants WHERE customer_id = ANY ($1)
                            ORDER BY account IS NULL, said_at DESC NULLS LAST, id LIMIT 200
                            """, customers, AccountStore::grant))
                    .asTuple()
                    .map(all -> new Known(account, new Account(account).organizationId(),
                            all.getItem1().stream().findFirst().orElse(null), all.getItem2(), all.getItem3(),
                            all.getItem4()));
        });
    }

    private static Grant grant(Row row) {
        return new Grant(row.getString(0), row.getString(1), row.getString(2), row.getString(3), row.getString(4),
                row.getString(5), row.getString(6), row.getString(7), row.getBoolean(8), row.getString(9),
                time(row, 10), time(row, 11), row.getString(12));
    }

    private static String time(Row row, int column) {
        return row.getOffsetDateTime(column) == null ? null
                : Rfc3339.format(row.getOffsetDateTime(column).toInstant());
    }

    private static JsonNode json(String published) {
        try {
            return JSON.readTree(published);
        } catch (JsonProcessingException corrupt) {
            throw new IllegalStateException("a stored message is not JSON", corrupt);
        }
    }
}
