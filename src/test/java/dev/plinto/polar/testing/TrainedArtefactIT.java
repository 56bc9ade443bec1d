package dev.plinto.polar.testing;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.util.Map;
import org.junit.jupiter.api.Test;

/// Runs first, so that services and brokers of all other classes start quickly.
class TrainedArtefactIT {

    @Test
    void trainedService_startsFromItsCache() {
        assumeTrue(TrainedArtefact.isPossible(), "skipped: Java 25 or newer trains the service");

        PackagedService service = PackagedService.launch(
                Map.of("JAVA_TOOL_OPTIONS", OwnStack.JAVA_OPTIONS + " -XX:AOTMode=on")); // or the JVM does not start

        assertThat(service.exitCode()).isEqualTo(1);
        assertThat(service.output()).contains("Plinto Polar does not start", "KAFKA_BOOTSTRAP_SERVERS");
        assertThat(OwnStack.BROKER_CLASSES).isDirectoryContaining("glob:**.jsa");
    }
}
