package dev.plinto.polar.deploy;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.plinto.polar.testing.MetricsDocument;
import dev.plinto.polar.testing.Size;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/// Each alert states what is wrong and what to do, and has tests in which it fires and does not.
class AlertRulesTest {

    private static final Path RUNBOOK = Path.of("docs/runbook.md");
    private static final Pattern SECTION = Pattern.compile("(?ms)^### (\\w+)\n(.*?)(?=^##|\\z)");
    private static final Pattern METRIC = Pattern.compile("polar_\\w+?(?=_(?:bucket|count|sum)?\\b|\\b)");

    private static final Set<String> PAGES = Set.of("/ops", "/ops/contradictions", "/ops/double-subscriptions",
            "/ops/erasures", "/ops/events", "/ops/parked",
            "/ops/reconciliation", "/ops/unlinked", "/ops/usage");
    /// No reader and no leader count as 0; a comparison with Polar that never was has an alert.
    private static final Set<String> MISSED_BY_THEIR_OWN_ALERT = Set.of("polar_partition_lag_seconds",
            "polar_relay_leader", "polar_reconcile_last_success_timestamp_seconds");

    static Stream<Alerts.Alert> alerts() {
        return Alerts.all().stream();
    }

    @ParameterizedTest
    @MethodSource("alerts")
    void eachAlert_hasSummary_severity_andRunbookSection(Alerts.Alert alert) throws IOException {
        assertThat(alert.severity()).isIn("page", "ticket");
        assertThat(alert.summary()).hasSizeGreaterThan(40).endsWith(".").doesNotContain(". ");
        assertThat(alert.runbook()).startsWith("https://")
                .endsWith("/" + RUNBOOK + "#" + alert.name().toLowerCase(Locale.ROOT));
        assertThat(sections()).anySatisfy(section -> {
            assertThat(section.group(1)).isEqualTo(alert.name());
            assertThat(section.group(2)).contains("**Means.**", "`" + alert.severity() + "`")
                    .matches("(?s).*\\*\\*See[., ].*").matches("(?s).*\\*\\*.*[Oo]ver\\.\\*\\*.*");
        });
    }

    @ParameterizedTest
    @MethodSource("alerts")
    void eachAlert_hasAFiringAndANonFiringTest(Alerts.Alert alert) {
        List<JsonNode> tests = Alerts.files(Alerts.TESTS).stream().map(Alerts::yaml)
                .flatMap(file -> file.path("tests").valueStream())
                .flatMap(test -> test.path("alert_rule_test").valueStream())
                .filter(test -> test.path("alertname").asText().equals(alert.name())).toList();

        assertThat(tests).anyMatch(test -> !test.path("exp_alerts").isEmpty());
        assertThat(tests).anyMatch(test -> test.path("exp_alerts").isEmpty());
    }

    @ParameterizedTest
    @MethodSource("alerts")
    void eachAlert_linksADashboard_andAPageOfTheConsole(Alerts.Alert alert) {
        URI dashboard = URI.create(alert.dashboard());
        URI console = URI.create(alert.console());

        assertThat(List.of(dashboard, console)).extracting(URI::getScheme).containsOnly("https");
        assertThat(Dashboards.uids()).contains(dashboard.getPath().replaceFirst("^/d/", ""));
        assertThat(PAGES).contains(console.getPath());
    }

    /// Else the alert is silent while the metric is missing, or NaN.
    @Test
    void everyGaugeThatAnAlertCompares_isMissed() {
        Map<String, MetricsDocument.Metric> documented = MetricsDocument.read().metrics();
        Map<String, String> expressions = alerts().collect(Collectors.toMap(Alerts.Alert::name,
                Alerts.Alert::expression));
        Set<String> gauges = Alerts.selectors().stream().map(selector -> selector.replaceFirst("\\{.*", ""))
                .filter(name -> documented.containsKey(name) && documented.get(name).type().equals("gauge"))
                .filter(name -> !MISSED_BY_THEIR_OWN_ALERT.contains(name)).collect(Collectors.toSet());

        assertThat(gauges).hasSizeGreaterThan(5).allSatisfy(gauge -> {
            assertThat(expressions.get("PolarMetricsMissing")).contains("absent(" + gauge);
            assertThat(expressions.get("PolarMetricsUnknown")).contains("== " + gauge);
        });
    }

    @Test
    void everySectionOfTheRunbook_isOfAnAlert() throws IOException {
        Set<String> alerts = alerts().map(Alerts.Alert::name).collect(Collectors.toSet());

        assertThat(sections()).extracting(section -> section.group(1)).containsExactlyInAnyOrderElementsOf(alerts);
    }

    @Test
    void everyMetricThatRulesRead_isDocumented() {
        Set<String> documented = MetricsDocument.read().metrics().keySet();

        assertThat(Alerts.selectors()).filteredOn(selector -> selector.startsWith("polar_"))
                .extracting(selector -> METRIC.matcher(selector).results().findFirst().orElseThrow().group())
                .isNotEmpty().isSubsetOf(documented);
        assertThat(Alerts.selectors()).filteredOn(selector -> selector.startsWith("polar:"))
                .isSubsetOf(Alerts.recorded());
    }

    @Test
    void configurationAndRules_passPromtool() {
        Tool.PROMTOOL.require("the rules of deploy/prometheus are not checked");

        Tool.Ended config = Tool.PROMTOOL.run("check", "config", Alerts.CONFIG.toString());
        assertThat(config.exitCode()).as(config.output()).isZero();
    }

    @Test
    void testsOfTheRules_passPromtool() {
        Size.onlyFull("the rules of deploy/prometheus are not tested");
        Tool.PROMTOOL.require("the rules of deploy/prometheus are not tested");

        Tool.Ended tests = Tool.PROMTOOL.run(Stream.concat(Stream.of("test", "rules"),
                Alerts.files(Alerts.TESTS).stream().map(Path::toString)).toArray(String[]::new));
        assertThat(tests.exitCode()).as(tests.output()).isZero();
    }

    @Test
    void gameDayRules_areTheSame_withShorterTimes() {
        assertThat(CompressedRules.compressed("""
                      expr: max(a) > 60 and sum(increase(b[1h])) - sum(increase(b[5m])) > 3 * 3600
                      expr: a unless a offset 1h
                      for: 2m
                      for: 3h
                """)).isEqualTo("""
                      expr: max(a) > 60 and sum(increase(b[10s])) - sum(increase(b[5s])) > 3 * 3600
                      expr: a unless a offset 10s
                      for: 1s
                      for: 30s
                """);
    }

    private static List<MatchResult> sections() throws IOException {
        return SECTION.matcher(Files.readString(RUNBOOK)).results().toList();
    }
}
