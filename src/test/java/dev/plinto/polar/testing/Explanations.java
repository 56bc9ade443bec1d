package dev.plinto.polar.testing;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.plinto.polar.Topics;
import java.net.URLEncoder;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.IntStream;

/// What the service explains must be what was published, now and at moments of the past.
public final class Explanations {

    private static final ObjectMapper JSON = new ObjectMapper();
    private static final int MOMENTS = 30; // of each organization

    private final PackagedService service;
    private final String token;
    private final Map<String, Map<Long, Map<String, Integer>>> published = new HashMap<>();
    private int compared;

    private record Decided(long version, String at) {}

    /// @param token of a caller who may read any organization
    public Explanations(PackagedService service, String token, TopicReader topics) {
        this.service = service;
        this.token = token;
        topics.messages(Topics.ENTITLEMENT_CHANGED).forEach(message -> published
                .computeIfAbsent(message.key(), account -> new HashMap<>())
                .put(message.version(), counts(json(message.value()).get("entitlements"))));
    }

    /// @return how many explanations were compared
    public int equalThePublishedSets(Database database) {
        Map<String, List<Decided>> decided = decided(database);
        assertThat(decided.keySet()).as("accounts with a history").isEqualTo(published.keySet());
        decided.forEach((account, decisions) -> {
            if (!account.startsWith("customer:")) {
                compare(account, "", decisions.getLast().version);
                int moments = Math.min(MOMENTS, decisions.size());
                IntStream.range(0, moments).mapToObj(i -> decisions.get(i * decisions.size() / moments).at)
                        .forEach(at -> compare(account, "&at=" + at, newest(decisions, at)));
            }
        });
        return compared;
    }

    /// Times need not grow with the versions.
    private static long newest(List<Decided> decisions, String at) {
        return decisions.stream().filter(decided -> decided.at.compareTo(at) <= 0)
                .mapToLong(Decided::version).max().orElseThrow();
    }

    private void compare(String organization, String at, long version) {
        HttpResponse<String> answer = service.get("/api/v1/polar/entitlements/explain?organization_id="
                + URLEncoder.encode(organization, StandardCharsets.UTF_8) + at, token);
        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
        JsonNode explanation = json(answer.body());
        assertThat(published.get(organization)).as("messages of %s, whose version%s is %d", organization, at, version)
                .containsKey(version);
        assertThat(counts(explanation.get("benefits"))).as("explained for %s%s", organization, at)
                .isEqualTo(published.get(organization).get(version));
        assertThat(explanation.at("/decision/version").longValue()).as("decision of %s%s", organization, at)
                .isEqualTo(version);
        compared++;
    }

    /// By account the versions with the times of their decisions, in order; texts of one length.
    private static Map<String, List<Decided>> decided(Database database) {
        Map<String, List<Decided>> decided = new TreeMap<>();
        database.rows("""
                SELECT account, version, to_char(decided_at AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"') FROM (
                  SELECT account, version, decided_at FROM history WHERE topic = 'polar.entitlement.changed'
                  UNION SELECT account, version, decided_at FROM benefit_changes) AS decisions
                ORDER BY account, version
                """).forEach(row -> decided.computeIfAbsent(row.get(0), account -> new ArrayList<>())
                .add(new Decided(Long.parseLong(row.get(1)), row.get(2))));
        return decided;
    }

    /// How many grants give each benefit that is not revoked. A message of an earlier release lists all and has no
    /// count.
    private static Map<String, Integer> counts(JsonNode benefits) {
        Map<String, Integer> counts = new TreeMap<>();
        benefits.forEach(benefit -> {
            if (benefit.path("has_access").asBoolean(true)) {
                counts.put(benefit.get("benefit_id").textValue(),
                        benefit.path("grant_count").asInt(benefit.get("grants").size()));
            }
        });
        return counts;
    }

    private static JsonNode json(String text) {
        try {
            return JSON.readTree(text);
        } catch (JsonProcessingException corrupt) {
            throw new IllegalStateException(corrupt);
        }
    }
}
