package dev.plinto.polar.ops;

import com.fasterxml.jackson.annotation.JsonIgnore;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.PropertyNamingStrategies.SnakeCaseStrategy;
import com.fasterxml.jackson.databind.annotation.JsonNaming;
import dev.plinto.polar.Problem;
import dev.plinto.polar.entitlement.Account;
import dev.plinto.polar.postgres.RequestQueries;
import dev.plinto.polar.postgres.StoredJson;
import dev.plinto.polar.postgres.Timestamps;
import io.smallrye.mutiny.Uni;
import io.vertx.mutiny.sqlclient.Row;
import io.vertx.mutiny.sqlclient.Tuple;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.List;

/// All that is known of one account now: an organization, or `customer:<id>` for a customer who is linked to none.
@ApplicationScoped
public class AccountQueries {

    private static final int LONGEST_ID = 500;

    private final RequestQueries database;
    private final EventStore events;

    AccountQueries(RequestQueries database, EventStore events) {
        this.database = database;
        this.events = events;
    }

    /// @param organizationId null while it is linked to none
    /// @param entitlements   as published last; null where nothing ever was
    /// @param subscriptions  as published last
    /// @param grants         of its customers, also those that are not live, and those that give another account access
    @JsonNaming(SnakeCaseStrategy.class)
    public record Details(String account, String organizationId, JsonNode entitlements, List<JsonNode> subscriptions,
            List<Customer> customers, List<Grant> grants) {

        public Details {
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

    public Uni<Details> details(String account) {
        if (account.isBlank() || account.length() > LONGEST_ID || account.chars().anyMatch(Character::isISOControl)) {
            throw new Problem("parameter-invalid", 400, "That is no account",
                    "It has at most " + LONGEST_ID + " characters and no control characters.").exception();
        }
        return events.customersOf(account).flatMap(ids -> {
            Tuple customers = Tuple.of(ids.toArray(String[]::new));
            return Uni.combine().all().unis(
                    database.query("SELECT published::text FROM accounts WHERE account = $1 AND published IS NOT NULL",
                            Tuple.of(account), row -> StoredJson.read(row.getString(0))),
                    database.query("SELECT published::text FROM subscriptions WHERE account = $1 "
                            + "AND published IS NOT NULL ORDER BY id LIMIT 200", Tuple.of(account),
                            row -> StoredJson.read(row.getString(0))),
                    database.query("SELECT id, external_id, deleted_at FROM customers WHERE id = ANY ($1) ORDER BY id",
                            customers,
                            row -> new Customer(row.getString(0), row.getString(1),
                                    Timestamps.toText(row.getOffsetDateTime(2)))),
                    database.query("""
                            SELECT id, customer_id, subscription_id, order_id, benefit_id, benefit_type, description,
                                   feature, is_granted, account, granted_at, said_at, said_by
                            FROM grants WHERE customer_id = ANY ($1)
                            ORDER BY account IS NULL, said_at DESC NULLS LAST, id LIMIT 200
                            """, customers, AccountQueries::grant))
                    .asTuple()
                    .map(all -> new Details(account, new Account(account).organizationId(),
                            all.getItem1().stream().findFirst().orElse(null), all.getItem2(), all.getItem3(),
                            all.getItem4()));
        });
    }

    private static Grant grant(Row row) {
        return new Grant(row.getString(0), row.getString(1), row.getString(2), row.getString(3), row.getString(4),
                row.getString(5), row.getString(6), row.getString(7), row.getBoolean(8), row.getString(9),
                Timestamps.toText(row.getOffsetDateTime(10)), Timestamps.toText(row.getOffsetDateTime(11)),
                row.getString(12));
    }
}
