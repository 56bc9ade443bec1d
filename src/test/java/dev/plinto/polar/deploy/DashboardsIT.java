package dev.plinto.polar.deploy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.plinto.polar.testing.Lifecycle;
import dev.plinto.polar.testing.OwnStack;
import dev.plinto.polar.testing.PackagedService;
import dev.plinto.polar.testing.PrometheusText;
import dev.plinto.polar.testing.SignedDelivery;
import java.io.IOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.function.Supplier;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/// The packaged service, scraped by a real Prometheus: every query of dashboards and alerts finds series, and a healthy
/// service fires no alert.
class DashboardsIT {

    private static final Duration PATIENCE = Duration.ofSeconds(30);
    /// Fallback for an absent series, which would hide that it is absent.
    private static final Pattern ABSENT = Pattern.compile(" or vector\\(\\d\\)");
    private static final byte[] KEY = OwnStack.SECRET.getBytes(StandardCharsets.UTF_8);

    private static OwnStack stack;
    private static PackagedService service;
    private static Prometheus prometheus;

    @BeforeAll
    static void start() {
        Tool.PROMETHEUS.require("the queries of dashboards and alerts are not evaluated");
        stack = OwnStack.start();
        var environment = stack.environment();
        environment.put("POLAR_METRICS_PERIOD", "500ms");
        service = PackagedService.start(environment);
        prometheus = Prometheus.start(Alerts.RULES, List.of(service.baseUrl()));
        deliver();
    }

    @AfterAll
    static void stop() {
        if (stack != null) {
            prometheus.close();
            service.close();
            stack.close();
        }
    }

    @Test
    void everyQueryOfEveryPanel_findsSeries() {
        List<Dashboards.Panel> panels = Dashboards.panels();

        awaitEmpty(() -> panels.stream().flatMap(panel -> panel.queries().stream()
                .filter(query -> prometheus.series(ABSENT.matcher(query).replaceAll("")) == 0)
                .map(query -> panel.dashboard() + ", " + panel.title() + ": " + query)).toList());
    }

    @Test
    void everySeriesThatRulesRead_exists() {
        Set<String> selectors = Alerts.selectors();

        awaitEmpty(() -> selectors.stream().filter(selector -> prometheus.series(selector) == 0).toList());
    }

    @Test
    void everyRunbookQuery_findsSeries_andEveryStatementRuns() throws IOException {
        List<String> queries = Runbook.blocks("promql").stream().flatMap(String::lines).toList();

        assertThat(queries).hasSizeGreaterThan(5);
        awaitEmpty(() -> queries.stream().filter(query -> prometheus.series(query) == 0).toList());
        assertThat(Runbook.blocks("sql")).hasSizeGreaterThan(5)
                .allSatisfy(statement -> stack.database().rows(statement.strip().replaceFirst(";$", "")));
    }

    @Test
    void healthyService_firesNoAlert() {
        awaitEmpty(() -> prometheus.firing().keySet().stream()
                .filter(alert -> !alert.equals("PolarExternalIdDropped")) // the lives have statements without the link
                .toList());
    }

    private static void awaitEmpty(Supplier<List<String>> missing) {
        await().atMost(PATIENCE).untilAsserted(() -> assertThat(missing.get()).isEmpty());
    }

    /// Delivers some customers' events, and waits for published changes.
    private static void deliver() {
        List<Integer> choices = new ArrayList<>();
        for (int choice = 0; choice < 10; choice++) {
            choices.add(choice);
        }
        var events = Lifecycle.of(choices).events();
        events.forEach(event -> assertThat(SignedDelivery.of(event.webhookId(), event.body(), Instant.now(), KEY)
                .send(service.webhooks()).statusCode()).isEqualTo(202));
        await().atMost(PATIENCE).until(() -> PrometheusText.of(URI.create(service.baseUrl()))
                .value("polar_freshness_seconds_count", "stage=published") > 0);
    }
}
