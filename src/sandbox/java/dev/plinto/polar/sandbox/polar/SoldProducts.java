package dev.plinto.polar.sandbox.polar;

import java.util.Map;
import java.util.UUID;

/// Ids of products in a new sandbox: always the same, so that settings and other providers can name them.
public final class SoldProducts {

    public static final UUID PRO = UUID.fromString("5ab0c0de-0000-4000-8000-000000000001");
    public static final UUID TEAM = UUID.fromString("5ab0c0de-0000-4000-8000-000000000002");
    /// Paid once.
    public static final UUID ONBOARDING = UUID.fromString("5ab0c0de-0000-4000-8000-000000000003");

    /// By the plans of the [Catalogue].
    public static final Map<String, UUID> BY_PLAN = Map.of("pro", PRO, "team", TEAM, "onboarding", ONBOARDING);

    private SoldProducts() {}
}
