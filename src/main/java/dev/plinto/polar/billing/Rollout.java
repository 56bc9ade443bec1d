package dev.plinto.polar.billing;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.PropertyNamingStrategies.SnakeCaseStrategy;
import com.fasterxml.jackson.databind.annotation.JsonNaming;
import dev.plinto.polar.entitlement.Provider;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/// What operators decide about who sells.
///
/// @param fallback  the provider that is to sell while another one does not answer
/// @param overrides the provider that sells to an organization whatever the rules say, by organization; at most
///                  [#MOST_OVERRIDES]
public record Rollout(Optional<Provider> fallback, Map<String, Provider> overrides) {

    static final int MOST_OVERRIDES = 1_000;

    private static final String FALLBACK = "fallback";
    private static final String OVERRIDES = "overrides";
    private static final List<Provider> SELLERS = List.of(Provider.POLAR, Provider.CONEKTA);
    private static final List<String> NAMES = SELLERS.stream().map(Provider::wireName).toList();

    public Rollout {
        Objects.requireNonNull(fallback, FALLBACK);
        overrides = Collections.unmodifiableMap(new TreeMap<>(overrides));
    }

    /// As the API tells it, with the providers' names.
    @JsonNaming(SnakeCaseStrategy.class)
    public record Document(@Nullable String fallback, Map<String, String> overrides) {}

    /// Both fields must be there, since what is not there would be taken away. Throws 400 `body-not-json`, or 422
    /// `body-invalid` with the faults in `errors`.
    public static Rollout read(String body) {
        Fields fields = new Fields(body, Set.of(FALLBACK, OVERRIDES));
        if (!fields.body().has(FALLBACK)) {
            fields.fault(FALLBACK, "must be there, if only as null");
        }
        Optional<Provider> fallback = fields.oneOf(FALLBACK, NAMES).flatMap(Provider::named);
        Map<String, Provider> overrides = overrides(fields);
        fields.requireFaultless();
        return new Rollout(fallback, overrides);
    }

    private static Map<String, Provider> overrides(Fields fields) {
        Map<String, Provider> overrides = new LinkedHashMap<>();
        JsonNode values = fields.value(OVERRIDES);
        values.properties()
                .forEach(entry -> seller(entry.getValue()).filter(seller -> Fields.isOrganization(entry.getKey()))
                        .ifPresent(seller -> overrides.put(entry.getKey(), seller)));
        if (!values.isObject() || values.size() > MOST_OVERRIDES || overrides.size() < values.size()) {
            fields.fault(OVERRIDES, "must be an object with at most " + MOST_OVERRIDES + " ids of organizations, each "
                    + "with one of " + String.join(", ", NAMES));
        }
        return overrides;
    }

    private static Optional<Provider> seller(JsonNode name) {
        return Optional.ofNullable(name.textValue()).filter(NAMES::contains).flatMap(Provider::named);
    }

    public Document document() {
        Map<String, String> names = new LinkedHashMap<>();
        overrides.forEach((organization, provider) -> names.put(organization, provider.wireName()));
        return new Document(fallback.map(Provider::wireName).orElse(null), names);
    }
}
