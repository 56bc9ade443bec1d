package dev.plinto.polar.faults;

import static org.awaitility.Awaitility.await;

import dev.plinto.polar.sandbox.database.EmbeddedPostgres;
import dev.plinto.polar.testing.EndState;
import dev.plinto.polar.testing.MadeBacklog;
import dev.plinto.polar.testing.OwnStack;
import dev.plinto.polar.testing.PackagedService;
import dev.plinto.polar.testing.RawTopicWriter;
import dev.plinto.polar.testing.TcpProxy;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;

/// All connections to the database go silent without an error, as when a firewall drops them or a server is replaced.
@EnabledIfSystemProperty(named = "tests.full", matches = "true")
class ForgottenConnectionsIT {

    private static final Duration PATIENCE = Duration.ofSeconds(60);

    @Test
    void silentConnections_areReplaced_evenInASmallPool() {
        try (OwnStack stack = OwnStack.start(); TcpProxy proxy = TcpProxy.to(stack.postgres().port())) {
            stack.createRawTopic(6);
            Map<String, String> environment = stack.environment();
            environment.put("POLAR_ROLES", "projection,relay");
            environment.put("QUARKUS_DATASOURCE_REACTIVE_URL",
                    "postgresql://localhost:" + proxy.port() + "/" + EmbeddedPostgres.DATABASE);
            environment.put("QUARKUS_DATASOURCE_REACTIVE_MAX_SIZE", "4");
            List<MadeBacklog> backlogs = new ArrayList<>();
            try (PackagedService service = PackagedService.start(environment);
                    RawTopicWriter rawTopic = stack.writer()) {
                EndState endState = new EndState(stack.database(), stack.reader());
                for (String part : List.of("before", "after")) {
                    backlogs.add(MadeBacklog.of(200, part));
                    rawTopic.write(backlogs.getLast().records());
                    endState.awaitDrained(PATIENCE);
                    proxy.halfOpen();
                }
                endState.everyEventIsInInboxOrParked(backlogs).everyChangeWasPublishedOnceInOrder();
                await().atMost(PATIENCE).until(() -> service.gauge("polar_relay_leader").orElse(0) == 1);
            }
        }
    }
}
