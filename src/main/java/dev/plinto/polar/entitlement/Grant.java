package dev.plinto.polar.entitlement;

import java.time.Instant;
import java.util.List;
import java.util.Objects;
import java.util.Optional;

/// A benefit that is granted to a customer, through a subscription, an order, or neither. The benefit's description and
/// feature are those that the grant's own statements embed.
public record Grant(Id.Grant id, Facts facts) implements TrackedObject {

    public static final Field<String> CUSTOMER_ID = Field.text("customer_id");
    public static final Field<String> SUBSCRIPTION_ID = Field.text("subscription_id");
    public static final Field<String> ORDER_ID = Field.text("order_id");
    public static final Field<String> MEMBER_ID = Field.text("member_id");
    public static final Field<String> BENEFIT_ID = Field.text("benefit_id");
    public static final Field<String> BENEFIT_TYPE = Field.text("benefit_type");
    public static final Field<String> DESCRIPTION = Field.text("description");
    public static final Field<String> FEATURE = Field.text("feature");
    public static final Field<Boolean> IS_GRANTED = Field.bool("is_granted");
    public static final Field<Instant> GRANTED_AT = Field.time("granted_at");

    public static final List<Field<?>> FIELDS = List.of(CUSTOMER_ID, SUBSCRIPTION_ID, ORDER_ID, MEMBER_ID, BENEFIT_ID,
            BENEFIT_TYPE, DESCRIPTION, FEATURE, IS_GRANTED, GRANTED_AT);

    @Override
    public List<Field<?>> fields() {
        return FIELDS;
    }

    @Override
    public Grant with(Facts other) {
        return new Grant(id, other);
    }

    public Id.Customer customer() {
        return new Id.Customer(Objects.requireNonNull(facts.get(CUSTOMER_ID), "a grant without a customer"));
    }

    public String benefitId() {
        return Objects.requireNonNull(facts.get(BENEFIT_ID), "a grant without a benefit");
    }

    public Optional<Id.Subscription> subscription() {
        return facts.find(SUBSCRIPTION_ID).map(Id.Subscription::new);
    }

    public Optional<Id.Order> order() {
        return facts.find(ORDER_ID).map(Id.Order::new);
    }

    /// The newer of two statements decides: that of the grant's own events, or the customer's newest snapshot, which
    /// makes a statement about every grant by listing it or not. No snapshot is about a derived grant; of a deleted
    /// customer none is live, whatever is said of the purchase, also later.
    public boolean isLive(Customer holder) {
        boolean isDerived = DerivedGrants.has(id);
        if (isDerived && holder.isDeleted()) {
            return false;
        }
        StampedValue<Boolean> live = StampedValue.newest(facts.stamped(IS_GRANTED),
                isDerived ? null : holder.lists(id));
        return live != null && Boolean.TRUE.equals(live.value());
    }
}
