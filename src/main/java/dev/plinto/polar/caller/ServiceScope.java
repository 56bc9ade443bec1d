package dev.plinto.polar.caller;

import java.util.Arrays;
import java.util.Collection;
import java.util.EnumSet;
import java.util.Set;
import java.util.stream.Collectors;

/// What a service's token may do, by its claim `scope`.
public enum ServiceScope {
    /// Reads, of any organization.
    BILLING_READ("billing:read", Reach.ANY_ORGANIZATION),
    /// Acts.
    BILLING_WRITE("billing:write", Reach.ANY_FOR_LISTED_CLIENTS),
    /// Sends usage.
    BILLING_USAGE("billing:usage", Reach.ANY_FOR_LISTED_CLIENTS);

    /// Which organizations a scope is for, beside the one that the token names.
    enum Reach {
        ANY_ORGANIZATION,
        /// See [TokenConfig#serviceClients()].
        ANY_FOR_LISTED_CLIENTS
    }

    private final String name;
    private final Reach reach;

    ServiceScope(String name, Reach reach) {
        this.name = name;
        this.reach = reach;
    }

    Reach reach() {
        return reach;
    }

    /// Those of the texts that are known.
    static Set<ServiceScope> of(Collection<String> names) {
        return Arrays.stream(values()).filter(scope -> names.contains(scope.name))
                .collect(Collectors.toCollection(() -> EnumSet.noneOf(ServiceScope.class)));
    }

    /// The name as tokens write it.
    @Override
    public String toString() {
        return name;
    }
}
