package dev.plinto.polar.sandbox.provider;

import com.fasterxml.jackson.annotation.JsonIgnore;
import com.fasterxml.jackson.databind.PropertyNamingStrategies.SnakeCaseStrategy;
import com.fasterxml.jackson.databind.annotation.JsonNaming;
import java.util.List;
import java.util.Optional;
import java.util.random.RandomGenerator;
import java.util.stream.Collectors;

/// What a scenario has made at a provider, and how this service answered its events. Ids are null of what there is not.
@JsonNaming(SnakeCaseStrategy.class)
public record Triggered(String scenario, String organizationId, String customerId, String subscriptionId,
        List<Delivery> deliveries) {

    /// `status` is the HTTP status of the answer; null if none came.
    @JsonNaming(SnakeCaseStrategy.class)
    public record Delivery(String webhookId, String type, Integer status) {

        @JsonIgnore
        public boolean isAccepted() {
            return status != null && status / 100 == 2;
        }
    }

    /// The organization that was asked for, or a new one.
    public static String organization(Optional<String> asked) {
        return asked.filter(id -> !id.isBlank()).orElseGet(() -> RandomGenerator.getDefault().ints(6, 'a', 'z' + 1)
                .mapToObj(Character::toString).collect(Collectors.joining("", "org-", "")));
    }
}
