package dev.plinto.polar.entitlement;

import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

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

    /// Empty if the name is no provider's.
    public static Optional<Provider> named(String wireName) {
        return Arrays.stream(values()).filter(provider -> provider.wireName.equals(wireName)).findFirst();
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
