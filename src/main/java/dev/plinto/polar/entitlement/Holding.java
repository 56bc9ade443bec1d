package dev.plinto.polar.entitlement;

import java.util.Objects;

/// A live grant, with the account that it belongs to.
public record Holding(Account account, Grant grant) {

    public Holding {
        Objects.requireNonNull(account, "account");
        Objects.requireNonNull(grant, "grant");
    }
}
