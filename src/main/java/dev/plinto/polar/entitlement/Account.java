package dev.plinto.polar.entitlement;

import java.util.Optional;

/// Whose it is: an organization of ours, or a customer of Polar's that nothing has linked to one yet. The value is the
/// key on `polar.entitlement.changed`.
public record Account(String value) implements Comparable<Account> {

    private static final String UNLINKED = "customer:";

    public Account {
        if (value == null || value.isBlank()) {
            throw new IllegalArgumentException("an account must not be blank");
        }
    }

    /// Empty where the text cannot name an organization; a text that looks like an unlinked account could otherwise
    /// claim a stranger's purchases.
    static Optional<Account> ofOrganization(String organizationId) {
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
    public String organizationId() {
        return isLinked() ? value : null;
    }

    @Override
    public int compareTo(Account other) {
        return value.compareTo(other.value);
    }
}
