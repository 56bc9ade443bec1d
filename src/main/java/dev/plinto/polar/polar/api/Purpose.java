package dev.plinto.polar.polar.api;

import java.time.Duration;

/// For whom a request is sent to Polar: it decides how much of the budget the request may use, and how long it waits.
public sealed interface Purpose {

    /// Reconciliation, metered events, erasures, questions about scopes: what can wait leaves a part of the budget to
    /// organizations, and waits for the rest as long as it takes.
    enum Upkeep implements Purpose {
        RECONCILIATION, USAGE, ERASURE, SCOPES
    }

    /// A call for one organization, whose user waits for the answer. It is counted against the organization's own
    /// limit, and fails rather than wait for long.
    record ForOrganization(String organization) implements Purpose {

        public ForOrganization {
            if (organization.isBlank()) {
                throw new IllegalArgumentException("an organization has an id");
            }
        }
    }

    /// Whether a request may wait for that time in all.
    default boolean maySpend(Duration wait) {
        return switch (this) {
            case Upkeep upkeep -> true;
            case ForOrganization organization -> wait.compareTo(Duration.ofSeconds(2)) <= 0;
        };
    }
}
