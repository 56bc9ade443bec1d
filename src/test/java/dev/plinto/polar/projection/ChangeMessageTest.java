package dev.plinto.polar.projection;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.plinto.polar.Topics;
import dev.plinto.polar.entitlement.Account;
import dev.plinto.polar.entitlement.Cause;
import dev.plinto.polar.entitlement.Entitlement;
import dev.plinto.polar.entitlement.EntitlementChange;
import dev.plinto.polar.postgres.StoredJson;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/// A message that would be larger than its topic accepts.
class ChangeMessageTest {

    private static final Cause CAUSE = new Cause("benefit_grant.created", "evt", Instant.parse("2026-10-01T08:00:00Z"));

    @Test
    void setThatIsTooLarge_isToldWithoutItsGrants() {
        assertWithoutGrants(entitlements(450, "Seat"));
    }

    /// The limit is of bytes: this one is under it in characters.
    @Test
    void setOfCharactersOfThreeBytes_isToldWithoutItsGrants() {
        assertWithoutGrants(entitlements(200, "座".repeat(6_500)));
    }

    @Test
    void setThatFits_listsItsGrants() {
        assertThat(entitlements(message(entitlements(300, "Seat")))).hasSize(300)
                .allMatch(entitlement -> entitlement.get("grants").size() == Entitlement.MAX_GRANTS);
    }

    private static void assertWithoutGrants(List<Entitlement> set) {
        ChangeMessage message = message(set);

        assertThat(message.json().getBytes(StandardCharsets.UTF_8).length).isLessThan(Topics.LARGEST_CHANGE_VALUE);
        assertThat(entitlements(message)).hasSize(set.size()).allSatisfy(entitlement -> {
            assertThat(entitlement.get("grants")).isEmpty();
            assertThat(entitlement.get("grant_count").intValue()).isEqualTo(5_000);
            assertThat(entitlement.get("grants_digest").textValue()).isEqualTo("0123456789abcdef");
        });
    }

    private static ChangeMessage message(List<Entitlement> entitlements) {
        return ChangeMessage.of(new EntitlementChange(new Account("org"), entitlements, List.of(), List.of()), 1,
                CAUSE);
    }

    private static List<JsonNode> entitlements(ChangeMessage message) {
        return StoredJson.read(message.json()).get("entitlements").valueStream().toList();
    }

    private static List<Entitlement> entitlements(int benefits, String description) {
        return IntStream.range(0, benefits).mapToObj(benefit -> new Entitlement("benefit-" + benefit, "custom",
                description, null, 5_000, "0123456789abcdef",
                IntStream.range(0, Entitlement.MAX_GRANTS).mapToObj(grant -> new Entitlement.Through(
                        "3f0e7d6a-5a52-4d6c-9c43-1c4b8f6a1b" + grant, "9a5d5ff0-6a1c-4a3e-8a3c-7c9f6f0c9b5e", null,
                        null,
                        null, CAUSE.timestamp())).toList()))
                .toList();
    }
}
