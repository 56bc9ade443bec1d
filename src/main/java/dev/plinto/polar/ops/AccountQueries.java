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
import dev.plinto.polar.telemetry.MaskedAddress;
import io.smallrye.mutiny.Uni;
import io.vertx.mutiny.sqlclient.Row;
import io.vertx.mutiny.sqlclient.Tuple;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/// The current state of one account: an organization, or `customer:<id>` for a customer who is linked to none.
@ApplicationScoped
public class AccountQueries {

    private static final int LONGEST_ID = 500;

    private final RequestQueries database;
    private final EventStore events;
    private final ParkedOfAccount parked;
    private final DiscardedOfAccount discarded;
    private final OtherIds otherIds;
    private final SalesQueries sales;
    private final AccountUsageQueries usage;
    private final ErasureList erasures;

    AccountQueries(RequestQueries database, EventStore events, ParkedOfAccount parked, DiscardedOfAccount discarded,
            OtherIds otherIds, SalesQueries sales, AccountUsageQueries usage, ErasureList erasures) {
        this.database = database;
        this.events = events;
        this.parked = parked;
        this.discarded = discarded;
        this.otherIds = otherIds;
        this.sales = sales;
        this.usage = usage;
        this.erasures = erasures;
    }

    /// @param organizationId null for a customer who is linked to no organization
    /// @param entitlements   as last published; null if none ever were
    /// @param subscriptions  as last published
    /// @param grants         of its customers, including those that are not live or give access to another account
    /// @param sales          what it bought, or tried to
    /// @param usage          what it used, as far as Polar has not taken it
    /// @param erasures       of what is held on it, the newest ones
    /// @param parked         events of its customers, and events that name it, that are not applied; the first ones
    /// @param searchedParked whether all parked events were searched for them, not only the newest
    /// @param discarded      likewise events that an operator has discarded
    /// @param searchedDiscarded likewise
    /// @param idOf           what else the id is of, if no account has it; null if it is unknown
    @JsonNaming(SnakeCaseStrategy.class)
    public record Details(String account, @Nullable String organizationId, @Nullable JsonNode entitlements,
            List<JsonNode> subscriptions, List<Customer> customers, List<Grant> grants, Sales sales,
            AccountUsage usage, List<ErasureList.Listed> erasures, List<ParkedEvent> parked,
            boolean searchedParked, List<FoundEvent> discarded, boolean searchedDiscarded,
            OtherIds.@Nullable Identified idOf) {

        public Details {
            subscriptions = List.copyOf(subscriptions);
            customers = List.copyOf(customers);
            grants = List.copyOf(grants);
            erasures = List.copyOf(erasures);
            parked = List.copyOf(parked);
            discarded = List.copyOf(discarded);
        }

        /// Whether anything was applied that concerns the account.
        @JsonIgnore
        public boolean isKnown() {
            return entitlements != null || !subscriptions.isEmpty() || !customers.isEmpty() || !grants.isEmpty()
                    || !sales.checkouts().isEmpty() || !usage.isEmpty();
        }

        /// The organization of the customer that an unlinked account is of; null if there is none.
        @JsonIgnore
        public @Nullable String linkedTo() {
            return organizationId != null
                    ? null
                    : customers.stream().map(Customer::organizationId).filter(Objects::nonNull)
                            .filter(id -> !id.isBlank() && new Account(id).isLinked()).findFirst().orElse(null);
        }

        Details withIdOf(OtherIds.@Nullable Identified other) {
            return new Details(account, organizationId, entitlements, subscriptions, customers, grants, sales, usage,
                    erasures, parked, searchedParked, discarded, searchedDiscarded, other);
        }
    }

    /// @param organizationId the customer's external id at Polar
    @JsonNaming(SnakeCaseStrategy.class)
    record Customer(String customerId, @Nullable String organizationId, @Nullable String deletedAt) {}

    /// @param isGranted according to the grant's own events; null before the first
    /// @param account   the account that it gives the benefit to; null while it is not live
    /// @param saidAt    moment of the newest statement about it, by Polar's clock
    /// @param saidBy    webhook id of the event with that statement
    @JsonNaming(SnakeCaseStrategy.class)
    record Grant(String grantId, @Nullable String customerId, @Nullable String subscriptionId, @Nullable String orderId,
            @Nullable String benefitId, @Nullable String benefitType, @Nullable String description,
            @Nullable String feature, @Nullable Boolean isGranted, @Nullable String account, @Nullable String grantedAt,
            @Nullable String saidAt, @Nullable String saidBy) {

        @JsonIgnore
        public boolean isLive() {
            return account != null;
        }
    }

    /// The account that an id leads to: its own; or, of an object or event that one account has, that account with
    /// [Details#idOf()]. Throws 400 `parameter-invalid` if the text cannot be an id.
    public Uni<Details> find(String id) {
        return details(id).flatMap(found -> found.idOf() != null && found.idOf().accounts().size() == 1
                ? state(found.idOf().accounts().getFirst()).map(owner -> owner.withIdOf(found.idOf()))
                : Uni.createFrom().item(found));
    }

    /// Throws 400 `parameter-invalid` if the text cannot be an account.
    public Uni<Details> details(String account) {
        if (account.isBlank() || account.length() > LONGEST_ID || account.chars().anyMatch(Character::isISOControl)) {
            throw new Problem("parameter-invalid", 400, "The account is not valid",
                    "An account has at most " + LONGEST_ID + " characters and no control characters.").exception();
        }
        return state(account).flatMap(found -> found.isKnown()
                ? Uni.createFrom().item(found)
                : otherIds.find(account).map(other -> found.withIdOf(other.orElse(null))));
    }

    private Uni<Details> state(String account) {
        return events.customersOf(account).flatMap(ids -> {
            BodySearch unapplied = new BodySearch(account, ids);
            Tuple customers = Tuple.of(ids.toArray(String[]::new));
            return Uni.combine().all().unis(
                    database.query("SELECT published::text FROM accounts WHERE account = $1 AND published IS NOT NULL",
                            Tuple.of(account), row -> StoredJson.read(row.getString(0))),
                    database.query("SELECT published::text FROM subscriptions WHERE account = $1 "
                            + "AND published IS NOT NULL ORDER BY id LIMIT 200", Tuple.of(account),
                            row -> StoredJson.read(row.getString(0))),
                    database.query("SELECT id, external_id, deleted_at FROM customers WHERE id = ANY ($1) ORDER BY id",
                            customers,
                            row -> new Customer(row.getString(0), maskedUnless(account, row.getString(1)),
                                    Timestamps.toText(row.getOffsetDateTime(2)))),
                    database.query("""
                            SELECT id, customer_id, subscription_id, order_id, benefit_id, benefit_type, description,
                                   feature, is_granted, account, granted_at, said_at, said_by
                            FROM grants WHERE customer_id = ANY ($1)
                            ORDER BY account IS NULL, said_at DESC NULLS LAST, id LIMIT 200
                            """, customers, row -> grant(row, account)),
                    parked.find(unapplied), parked.areMoreThanSearched(),
                    discarded.find(unapplied), discarded.areMoreThanSearched(),
                    Uni.combine().all().unis(sales.find(account, ids), usage.find(account), erasures.of(account))
                            .asTuple())
                    .asTuple()
                    .map(all -> new Details(account, new Account(account).organizationId(),
                            all.getItem1().stream().findFirst().orElse(null), all.getItem2(), all.getItem3(),
                            all.getItem4(), all.getItem9().getItem1(), all.getItem9().getItem2(),
                            all.getItem9().getItem3(), all.getItem5(),
                            !all.getItem6(), all.getItem7(),
                            !all.getItem8(), null));
        });
    }

    /// Who asked by an id may see it.
    private static @Nullable String maskedUnless(String asked, @Nullable String account) {
        return asked.equals(account) ? asked : MaskedAddress.ofNullable(account);
    }

    private static Grant grant(Row row, String asked) {
        return new Grant(row.getString(0), row.getString(1), row.getString(2), row.getString(3), row.getString(4),
                row.getString(5), row.getString(6), row.getString(7), row.getBoolean(8),
                maskedUnless(asked, row.getString(9)),
                Timestamps.toText(row.getOffsetDateTime(10)), Timestamps.toText(row.getOffsetDateTime(11)),
                row.getString(12));
    }
}
