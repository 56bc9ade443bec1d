package dev.plinto.polar.entitlement;

import java.time.Instant;
import java.util.Collections;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/// A customer at Polar: who pays. One customer may buy for two organizations; one organization may have two customers.
public record Customer(Id.Customer id, Facts facts) implements TrackedObject {

    /// Our organization. Polar does not let it change, so that only a deletion empties it.
    public static final Field<String> EXTERNAL_ID = Field.text("external_id");
    public static final Field<Instant> DELETED_AT = Field.time("deleted_at");
    /// The ids of all live grants in the customer's newest snapshot, sorted. A grant that is not listed was not live at
    /// that moment, even if its own events arrive later.
    public static final Field<List<String>> LIVE_GRANTS = Field.texts("live_grants");
    /// Of the billing address, which is personal data, only the country is kept: two capital letters (ISO 3166).
    public static final Field<String> COUNTRY = Field.text("country").added().personal();

    public static final List<Field<?>> FIELDS = List.of(EXTERNAL_ID, DELETED_AT, LIVE_GRANTS, COUNTRY);

    /// As a row holds it. Of a customer who is not deleted, an `external_id` of null is left out: a release before
    /// stored the moment of statements that had lost it, and an older statement that has it would not count.
    public static Customer stored(Id.Customer id, Facts facts) {
        boolean isLost = facts.get(EXTERNAL_ID) == null && facts.get(DELETED_AT) == null;
        return new Customer(id, isLost ? facts.without(EXTERNAL_ID) : facts);
    }

    @Override
    public List<Field<?>> fields() {
        return FIELDS;
    }

    @Override
    public Customer with(Facts other) {
        return new Customer(id, other);
    }

    /// Whether the newest snapshot lists the grant; null if there was none.
    @Nullable
    StampedValue<Boolean> lists(Id.Grant grant) {
        StampedValue<List<String>> snapshot = facts.stamped(LIVE_GRANTS);
        if (snapshot == null) {
            return null;
        }
        List<String> listed = Objects.requireNonNull(snapshot.value(), "a snapshot without a list");
        return new StampedValue<>(Collections.binarySearch(listed, grant.value()) >= 0, snapshot.stamp());
    }

    /// Whether all that depends on the customer is as if it were the other one.
    boolean decidesAs(Customer other) {
        return account().equals(other.account())
                && Objects.equals(facts.stamped(LIVE_GRANTS), other.facts.stamped(LIVE_GRANTS))
                && isDeleted() == other.isDeleted();
    }

    boolean isDeleted() {
        return facts.get(DELETED_AT) != null;
    }

    Account account() {
        return Account.ofOrganization(facts.get(EXTERNAL_ID)).orElseGet(() -> Account.unlinked(id));
    }
}
