package dev.plinto.polar.entitlement;

import java.util.List;
import java.util.Locale;

/// Who sells, and tells what was bought. Ids of Conekta and Fungies have their name as a prefix, so that they differ
/// from each other's and from Polar's, which stand as Polar writes them.
public enum Provider {
    POLAR, CONEKTA, FUNGIES;

    private static final List<Provider> WITH_PREFIX = List.of(CONEKTA, FUNGIES);

    private final String wireName = name().toLowerCase(Locale.ROOT);
    private final String prefix = wireName + ":";

    public static Provider of(Id id) {
        for (Provider provider : WITH_PREFIX) {
            if (id.value().startsWith(provider.prefix)) {
                return provider;
            }
        }
        return POLAR;
    }

    /// As messages and metrics name it.
    public String wireName() {
        return wireName;
    }

    /// Whether it tells which benefits are granted. What is bought elsewhere gives [DerivedGrants].
    public boolean tellsGrants() {
        return this == POLAR;
    }
}
