package dev.plinto.polar.projection;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.plinto.polar.Topics;
import dev.plinto.polar.projection.RepublishState.Outcome;
import dev.plinto.polar.projection.RepublishState.Republished;
import dev.plinto.polar.projection.RepublishState.Versions;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/// What is told when current state is published again.
class RepublishStateTest extends OnStoredLives {

    @Test
    void newVersions_tellTheSameState_andHaveNoPartInTheHistory() throws Exception {
        Map<String, JsonNode> before = stored();
        long history = database.number("SELECT count(*) FROM history");
        assertThat(before.values()).anyMatch(message -> message.path("entitlements").isEmpty()
                && message.has("entitlements"));

        Outcome outcome = republish.all(Versions.NEW);

        Map<String, JsonNode> after = stored();
        assertThat(outcome).isEqualTo(new Republished(
                (int) before.keySet().stream().filter(key -> key.startsWith(Topics.SUBSCRIPTION_CHANGED)).count(),
                (int) before.keySet().stream().filter(key -> key.startsWith(Topics.ENTITLEMENT_CHANGED)).count()));
        assertThat(told()).isEqualTo(after);
        assertThat(database.number("SELECT count(*) FROM outbox")).isEqualTo(before.size());
        assertThat(database.number("SELECT count(*) FROM outbox WHERE received_at IS NULL "
                + "AND headers ->> 'ce_sequence' = convert_from(value, 'UTF8')::json ->> 'version'"))
                .isEqualTo(before.size());
        assertThat(after.keySet()).isEqualTo(before.keySet());
        after.forEach((key, message) -> {
            assertThat(message.get("version").longValue()).as(key)
                    .isGreaterThan(before.get(key).get("version").longValue());
            assertThat(state(message)).as(key).isEqualTo(state(before.get(key)));
            assertThat(message.path("granted")).as(key).isEmpty();
            assertThat(message.path("revoked")).as(key).isEmpty();
            assertThat(message.path("previous_status")).as(key).isEqualTo(message.path("status"));
        });
        assertThat(database.number("SELECT count(*) FROM history")).isEqualTo(history);
        assertThat(database.number("SELECT (SELECT count(*) FROM accounts WHERE version <> "
                + "(published ->> 'version')::bigint) + (SELECT count(*) FROM subscriptions WHERE version <> "
                + "(published ->> 'version')::bigint)")).isZero();
    }

    @Test
    void eventsThatFollow_haveVersionsThatGrow() throws Exception {
        republish.all(Versions.NEW);
        IntStream.range(0, LIVES).forEach(life -> project(life, 60));

        Map<String, Long> newest = new TreeMap<>();
        database.rows("SELECT topic || key, convert_from(value, 'UTF8')::json ->> 'version' FROM outbox ORDER BY id")
                .forEach(row -> assertThat(newest.put(row.get(0), Long.valueOf(row.get(1)))).as(row.get(0))
                        .satisfiesAnyOf(version -> assertThat(version).isNull(),
                                version -> assertThat(version).isLessThan(Long.parseLong(row.get(1)))));
        assertThat(told()).isEqualTo(stored());
    }

    @Test
    void olderFormOfAMessage_isToldInTheNewForm_andIsNoChange() throws Exception {
        database.execute("""
                UPDATE accounts SET published = (jsonb_set(published::jsonb, '{entitlements}', coalesce((
                  SELECT jsonb_agg(benefit - 'grant_count' - 'grants_digest' - 'benefit_type')
                  FROM jsonb_array_elements(published::jsonb -> 'entitlements') AS benefit), '[]')))::json
                """);
        database.execute("UPDATE subscriptions SET published = (published::jsonb - 'seats')::json");
        long history = database.number("SELECT count(*) FROM history");

        republish.all(Versions.NEW);

        assertThat(told().values()).allSatisfy(message -> assertThat(message.path("entitlements"))
                .allSatisfy(benefit -> assertThat(benefit.has("grant_count")).isTrue()));
        assertThat(told().values()).anyMatch(message -> message.has("seats"));
        assertThat(database.number("SELECT count(*) FROM history")).isEqualTo(history);
    }

    /// As if a release had told it wrongly.
    @Test
    void messageThatIsNotTheStoredState_isCorrected_andTheHistorySaysSo() throws Exception {
        String account = accountWithBenefits();
        List<String> benefits = stored().get(Topics.ENTITLEMENT_CHANGED + " " + account).get("entitlements")
                .findValuesAsText("benefit_id");
        String subscription = database.column("SELECT id FROM subscriptions WHERE published IS NOT NULL LIMIT 1")
                .getFirst();
        database.execute("UPDATE accounts SET published = jsonb_set(published::jsonb, '{entitlements}', "
                + "'[{\"benefit_id\":\"gone\",\"grants\":[]}]')::json WHERE account = ?", account);
        database.execute("UPDATE subscriptions SET published = jsonb_set(published::jsonb, '{status}', '\"odd\"')::json"
                + " WHERE id = ?", subscription);
        long history = database.number("SELECT count(*) FROM history");

        republish.all(Versions.NEW);

        JsonNode set = told().get(Topics.ENTITLEMENT_CHANGED + " " + account);
        assertThat(set.get("granted").valueStream().map(JsonNode::textValue).toList()).isEqualTo(benefits);
        assertThat(set.get("revoked")).hasToString("[\"gone\"]");
        JsonNode status = told().get(Topics.SUBSCRIPTION_CHANGED + " " + subscription);
        assertThat(status.get("previous_status").textValue()).isEqualTo("odd");
        assertThat(status.get("status").textValue()).isNotEqualTo("odd");
        assertThat(database.number("SELECT count(*) FROM history")).isEqualTo(history + 2);
        assertThat(database.column("SELECT state FROM history ORDER BY decided_at DESC, topic LIMIT 2"))
                .containsExactly(set.toString(), status.toString());
    }

    /// As if another release had decided by other rules.
    @Test
    void whatWasDecidedByOtherRules_isDecidedAgain_andTold() {
        String account = accountWithBenefits();
        JsonNode before = stored().get(Topics.ENTITLEMENT_CHANGED + " " + account);
        List<List<String>> grants = database.rows("SELECT id, account FROM grants ORDER BY id");
        List<List<String>> subscriptions = database.rows("SELECT id, account FROM subscriptions ORDER BY id");
        database.execute("UPDATE grants SET account = 'org-wrong' WHERE account = ?", account);
        database.execute("UPDATE subscriptions SET account = 'org-wrong', "
                + "published = jsonb_set(published::jsonb, '{account}', '\"org-wrong\"')::json WHERE account = ?",
                account);

        all(republish, Versions.NEW);

        assertThat(database.rows("SELECT id, account FROM grants ORDER BY id")).isEqualTo(grants);
        assertThat(database.rows("SELECT id, account FROM subscriptions ORDER BY id")).isEqualTo(subscriptions);
        assertThat(told()).isEqualTo(stored());
        assertThat(told().get(Topics.ENTITLEMENT_CHANGED + " " + account).get("entitlements"))
                .isEqualTo(before.get("entitlements"));
    }

    @Test
    void accountThatWasNeverTold_isToldWhatItMayUse() {
        String account = accountWithBenefits();
        JsonNode before = stored().get(Topics.ENTITLEMENT_CHANGED + " " + account);
        database.execute("UPDATE grants SET account = NULL WHERE account = ?", account);
        database.execute("DELETE FROM accounts WHERE account = ?", account);

        all(republish, Versions.NEW);

        JsonNode told = told().get(Topics.ENTITLEMENT_CHANGED + " " + account);
        assertThat(told.get("entitlements")).isEqualTo(before.get("entitlements"));
        assertThat(told.get("granted").valueStream().map(JsonNode::textValue).toList())
                .isEqualTo(before.get("entitlements").findValuesAsText("benefit_id"));
        assertThat(database.column("SELECT type FROM inbox WHERE webhook_id = ?",
                told.path("cause").path("webhook_id").textValue()))
                .containsExactly(told.path("cause").path("event_type").textValue());
        assertThat(told()).isEqualTo(stored());
    }

    private static JsonNode state(JsonNode message) {
        return ((ObjectNode) message.deepCopy())
                .without(List.of("version", "previous_status", "granted", "revoked"));
    }
}
