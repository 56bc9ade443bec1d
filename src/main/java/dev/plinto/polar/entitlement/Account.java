package dev.plinto.polar.entitlement;

import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// The holder of entitlements: one of our organizations, or a customer at Polar that is not linked to one yet. The
/// value is the key on `polar.entitlement.changed`.
public record Account(String value) implements Comparable<Account> {

    private static final String UNLINKED = "customer:";

    public Account {
        if (value == null || value.isBlank()) {
            throw new IllegalArgumentException("an account must not be blank");
        }
    }

    /// Empty if the text cannot name an organization: one that looks like an unlinked account could otherwise claim
    /// another customer's purchases.
    static Optional<Account> ofOrganization(@Nullable String organizationId) {
        return organizationId == null || organizationId.isBlank() || organizationId.startsWith(UNLINKED)
                ? Optional.empty()
                : Optional.of(new Account(organizationId));
    }

    static Account unlinked(Id.Customer customer) {
        return new Account(UNLINKED + customer.value());
    }

    public boolean isLinked() {
        return !value.startsWith(UNLINKED);
    }

    /// Null while unlinked.
    public @Nullable String organizationId() {
        return isLinked() ? value : null;
    }

    @Override
    public int compareTo(Account other) {
        return value.compareTo(other.value);
    }
}
