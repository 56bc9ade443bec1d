package dev.plinto.polar.deploy;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/// The dashboards as files. [DashboardsIT] tests them on a running service.
class DashboardsTest {

    static Stream<Dashboards.Panel> panels() {
        return Dashboards.panels().stream();
    }

    @Test
    void dashboardFiles_matchTheirSource() {
        Tool.NODE.require("deploy/grafana/dashboards/*.json are not compared with deploy/grafana/dashboards.mjs");

        Tool.Ended check = Tool.NODE.run("deploy/grafana/build.mjs", "--check");

        assertThat(check.exitCode()).as(check.output()).isZero();
    }

    @ParameterizedTest
    @MethodSource("panels")
    void eachPanel_hasQueryAndUnit(Dashboards.Panel panel) {
        assertThat(panel.title()).isNotBlank();
        assertThat(panel.unit()).isNotBlank();
        assertThat(panel.queries()).isNotEmpty().noneMatch(query -> query.isBlank() || query.contains("$"));
    }

    @Test
    void lag_isInSeconds() {
        assertThat(panels().map(panel -> Map.entry(panel, panel.queries().toString()))
                .filter(panel -> panel.getValue().matches("(?s).*(lag|pending|freshness|ack)_seconds(?!_count).*"))
                .filter(panel -> !panel.getValue().contains("count(")).map(Map.Entry::getKey)).isNotEmpty()
                .allMatch(panel -> panel.unit().equals("s"));
    }

    @Test
    void linksToTheRunbook_leadToAnAlertsSection() {
        assertThat(Dashboards.runbookLinks()).isNotEmpty()
                .isSubsetOf(Alerts.all().stream().map(Alerts.Alert::runbook)
                        .map(url -> url.substring(url.indexOf("docs/"))).toList());
    }
}
