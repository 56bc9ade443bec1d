package dev.plinto.polar.deploy;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.plinto.polar.Bounds;
import dev.plinto.polar.testing.JsonLog;
import dev.plinto.polar.testing.OwnStack;
import dev.plinto.polar.testing.PackagedService;
import java.net.URI;
import java.time.YearMonth;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/// Every setting that the packaged service refuses is named on standard error and in the log. Settings that are refused
/// at the same step of a start are refused together.
class RefusedSettingsIT {

    private static final Map<String, String> COMPLETE = Map.ofEntries(
            Map.entry("KAFKA_BOOTSTRAP_SERVERS", "127.0.0.1:1"),
            Map.entry("POLAR_WEBHOOK_SECRET", OwnStack.SECRET),
            Map.entry("POLAR_ACCESS_TOKEN", "polar_oat_of-nobody"),
            Map.entry("QUARKUS_DATASOURCE_REACTIVE_URL", "postgresql://127.0.0.1:1/nowhere"),
            Map.entry("QUARKUS_DATASOURCE_USERNAME", "nobody"),
            Map.entry("QUARKUS_DATASOURCE_PASSWORD", "none"),
            Map.entry("PLINTO_JWT_ISSUER", "https://plinto.example"),
            Map.entry("PLINTO_JWT_AUDIENCE", "plinto.example"),
            Map.entry("PLINTO_JWKS_URL", "https://plinto.example/jwks.json"),
            Map.entry("JAVA_TOOL_OPTIONS", "-XX:TieredStopAtLevel=1"));

    /// A start with all refused settings of one kind.
    enum Start {
        MISSING, WRONG, UNKNOWN_ROLE, BELOW, ABOVE, UNREADABLE, IDS_TOO_SHORT, NO_SUCH_PROTOCOL;

        private static final Map<Start, PackagedService> LAUNCHED = new EnumMap<>(Start.class);

        /// Two of them log text, all others JSON, as production does.
        boolean logsText() {
            return this == ABOVE || this == UNKNOWN_ROLE;
        }

        PackagedService service() {
            return LAUNCHED.computeIfAbsent(this, start -> {
                Map<String, String> environment = new HashMap<>(COMPLETE);
                refusals().filter(refused -> refused.start == start).forEach(refused -> {
                    environment.remove(refused.name);
                    if (!refused.value.isEmpty()) {
                        environment.put(refused.name, refused.value);
                    }
                });
                if (start == NO_SUCH_PROTOCOL) {
                    environment.put("POLAR_ROLES", "ingress"); // which needs no database to start
                }
                if (logsText()) {
                    environment.put("QUARKUS_LOG_CONSOLE_JSON_ENABLED", "false");
                }
                return PackagedService.launch(environment);
            });
        }
    }

    record Refused(Start start, String name, String value, String said) {}

    private static Stream<Refused> refusals() {
        return """
                MISSING | KAFKA_BOOTSTRAP_SERVERS         |  | KAFKA_BOOTSTRAP_SERVERS is missing
                MISSING | POLAR_WEBHOOK_SECRET            |  | POLAR_WEBHOOK_SECRET is missing
                MISSING | POLAR_ACCESS_TOKEN              |  | POLAR_ACCESS_TOKEN is missing
                MISSING | QUARKUS_DATASOURCE_REACTIVE_URL |  | QUARKUS_DATASOURCE_REACTIVE_URL is missing
                MISSING | QUARKUS_DATASOURCE_USERNAME     |  | QUARKUS_DATASOURCE_USERNAME is missing
                MISSING | QUARKUS_DATASOURCE_PASSWORD     |  | QUARKUS_DATASOURCE_PASSWORD is missing
                MISSING | PLINTO_JWT_ISSUER               |  | PLINTO_JWT_ISSUER is missing
                MISSING | PLINTO_JWT_AUDIENCE             |  | PLINTO_JWT_AUDIENCE is missing
                MISSING | PLINTO_JWKS_URL                 |  | PLINTO_JWKS_URL is missing
                WRONG | POLAR_WEBHOOK_SECRET            | short         | is shorter than 24 characters
                WRONG | POLAR_ACCESS_TOKEN              | two words     | POLAR_ACCESS_TOKEN contains a space
                WRONG | QUARKUS_DATASOURCE_REACTIVE_URL | mysql://db/x  | must begin with postgresql://
                WRONG | PLINTO_JWKS_URL                 | http://a.test/ | PLINTO_JWKS_URL must begin with https://
                WRONG | POLAR_API_URL                   | http://a.test/ | POLAR_API_URL must begin with https://
                WRONG | CONEKTA_API_URL                 | http://a.test/ | CONEKTA_API_URL must begin with https://
                WRONG | PLINTO_SERVICE_CLIENTS          | *             | names all clients by *
                WRONG | PLINTO_JWT_ROLES_OF_ORGANIZATION | yes          | is neither true nor false
                WRONG | QUARKUS_OIDC_AUTH_SERVER_URL    | http://a.test/ | AUTH_SERVER_URL must begin with https://
                WRONG | POLAR_APP_URL                   | http://a.test | POLAR_APP_URL must be https:// and a host
                WRONG | POLAR_RETURN_HOSTS              | https://a.test | POLAR_RETURN_HOSTS must be hosts
                UNKNOWN_ROLE | POLAR_ROLES | projektion | POLAR_ROLES names an unknown role projektion; the roles are
                BELOW | POLAR_METRICS_PERIOD             | 99ms  | must be 100ms to 1m, but is 0.099s
                BELOW | POLAR_METRICS_MAX_AGE            | 100ms | must be 1s to 5m, but is 0.1s
                BELOW | POLAR_PROJECTION_LANES           | 0     | must be 1 to 16, but is 0
                BELOW | POLAR_PROJECTION_SESSION_TIMEOUT | 500ms | must be 1s to 5m, but is 0.5s
                BELOW | POLAR_RETENTION_PAYLOADS | 90  | 7d to 3650d, but is 1m30s: 90 is read as 90 seconds, write 90d
                BELOW | POLAR_RETENTION_IDS      | 180 | 91d to 3650d, but is 3m: 180 is read as 180 seconds, write 180d
                BELOW | POLAR_RETENTION_PARKED   | 90  | 7d to 3650d, but is 1m30s: 90 is read as 90 seconds, write 90d
                BELOW | POLAR_RETENTION_AUDIT    | 400 | 30d to 3650d, but is 6m40s: 400 is read as 400 seconds
                BELOW | POLAR_RETENTION_HISTORY  | 400 | 30d to 3650d, but is 6m40s: 400 is read as 400 seconds
                BELOW | POLAR_DATABASE_SILENCE           | 1     | must be 5s to 2m, but is 1s
                BELOW | POLAR_TOPIC_PARTITIONS           | 0     | must be 1 to 1000, but is 0
                BELOW | POLAR_TOPIC_REPLICATION          | 0     | must be 1 to 10, but is 0
                BELOW | POLAR_MIGRATE_PATIENCE           | 1ms   | must be 1s to 1h, but is 0.001s
                BELOW | POLAR_WEBHOOK_MAX_BODY           | 1     | must be 128K to 1984K, but is 1 bytes
                BELOW | POLAR_INGRESS_MAX_IN_FLIGHT      | 0     | must be 1 to 100000, but is 0
                BELOW | POLAR_INGRESS_PUBLISH_TIMEOUT    | 1ms   | must be 100ms to 1200ms, but is 0.001s
                BELOW | POLAR_INGRESS_SPOOL_MAX_EVENTS   | -1    | must be 0 to 100000000, but is -1
                BELOW | POLAR_INGRESS_RETRY_AFTER        | 5ms   | must be 1s to 1h, but is 0.005s
                BELOW | POLAR_RELAY_LEASE                | 3ms   | must be 1s to 1m, but is 0.003s
                BELOW | POLAR_RECONCILE_PERIOD           | 1     | must be 0 or 1m to 30d, but is 1s
                BELOW | POLAR_RECONCILE_GONE_AFTER       | 10    | must be 0 or 1m to 7d, but is 10s
                BELOW | POLAR_RECONCILE_INSPECTION       | 5ms   | must be 100ms to 1d, but is 0.005s
                BELOW | POLAR_RECONCILE_RETRY            | 1ms   | must be 100ms to 1h, but is 0.001s
                BELOW | POLAR_RECONCILE_LEASE            | 2     | must be 10s to 1h, but is 2s
                BELOW | POLAR_RECONCILE_MAX_GONE         | -1    | must be 0 to 1000000, but is -1
                BELOW | POLAR_RECONCILE_MAX_GONE_PERCENT | 0     | must be 1 to 100, but is 0
                BELOW | POLAR_API_REQUESTS_PER_MINUTE    | 0     | must be 1 to 100000, but is 0
                BELOW | POLAR_API_TIMEOUT                | 10ms  | must be 100ms to 1m, but is 0.01s
                BELOW | CONEKTA_API_TIMEOUT              | 10ms  | must be 100ms to 30s, but is 0.01s
                BELOW | POLAR_PRIVACY_LONGEST_EXPORT     | 5ms   | must be 1s to 1h, but is 0.005s
                ABOVE | POLAR_PRIVACY_LONGEST_EXPORT     | 2h       | must be 1s to 1h, but is 2h
                ABOVE | POLAR_METRICS_PERIOD             | 2m       | must be 100ms to 1m, but is 2m
                ABOVE | POLAR_METRICS_MAX_AGE            | 10m      | must be 1s to 5m, but is 10m
                ABOVE | POLAR_PROJECTION_LANES           | 17       | must be 1 to 16, but is 17
                ABOVE | POLAR_PROJECTION_SESSION_TIMEOUT | 10m      | must be 1s to 5m, but is 10m
                ABOVE | POLAR_RETENTION_PAYLOADS         | 3651d    | must be 7d to 3650d, but is 3651d
                ABOVE | POLAR_RETENTION_IDS              | 3652d    | must be 91d to 3650d, but is 3652d
                ABOVE | POLAR_RETENTION_PARKED           | 3651d    | must be 7d to 3650d, but is 3651d
                ABOVE | POLAR_RETENTION_AUDIT            | 3651d    | must be 30d to 3650d, but is 3651d
                ABOVE | POLAR_RETENTION_HISTORY          | 3651d    | must be 30d to 3650d, but is 3651d
                ABOVE | POLAR_DATABASE_SILENCE           | 3m       | must be 5s to 2m, but is 3m
                ABOVE | POLAR_TOPIC_PARTITIONS           | 1001     | must be 1 to 1000, but is 1001
                ABOVE | POLAR_TOPIC_REPLICATION          | 11       | must be 1 to 10, but is 11
                ABOVE | POLAR_MIGRATE_PATIENCE           | 60000    | must be 1s to 1h, but is 16h40m
                ABOVE | POLAR_WEBHOOK_MAX_BODY           | 2M       | must be 128K to 1984K, but is 2097152 bytes
                ABOVE | POLAR_INGRESS_MAX_IN_FLIGHT      | 100001   | must be 1 to 100000, but is 100001
                ABOVE | POLAR_INGRESS_PUBLISH_TIMEOUT    | 1500ms   | must be 100ms to 1200ms, but is 1.5s
                ABOVE | POLAR_INGRESS_SPOOL_MAX_EVENTS   | 100000001 | must be 0 to 100000000, but is 100000001
                ABOVE | POLAR_INGRESS_RETRY_AFTER        | 5000     | must be 1s to 1h, but is 1h23m20s
                ABOVE | POLAR_RELAY_LEASE                | 3000     | must be 1s to 1m, but is 50m
                ABOVE | POLAR_RECONCILE_PERIOD           | 31d      | must be 0 or 1m to 30d, but is 31d
                ABOVE | POLAR_RECONCILE_GONE_AFTER       | 8d       | must be 0 or 1m to 7d, but is 8d
                ABOVE | POLAR_RECONCILE_INSPECTION       | 2d       | must be 100ms to 1d, but is 2d
                ABOVE | POLAR_RECONCILE_RETRY            | 60000    | must be 100ms to 1h, but is 16h40m
                ABOVE | POLAR_RECONCILE_LEASE            | 2h       | must be 10s to 1h, but is 2h
                ABOVE | POLAR_RECONCILE_MAX_GONE         | 1000001  | must be 0 to 1000000, but is 1000001
                ABOVE | POLAR_RECONCILE_MAX_GONE_PERCENT | 101      | must be 1 to 100, but is 101
                ABOVE | POLAR_API_REQUESTS_PER_MINUTE    | 100001   | must be 1 to 100000, but is 100001
                ABOVE | POLAR_API_TIMEOUT                | 10000    | must be 100ms to 1m, but is 2h46m40s
                ABOVE | CONEKTA_API_TIMEOUT              | 1m  | must be 100ms to 30s, but is 1m
                UNREADABLE | POLAR_API_VERSION       | october | POLAR_API_VERSION cannot be "october"
                UNREADABLE | POLAR_EXCLUDED_COUNTRIES | CU,UK | POLAR_EXCLUDED_COUNTRIES cannot be "CU,UK": a country is
                UNREADABLE | POLAR_WEBHOOK_URL       | ::      | POLAR_WEBHOOK_URL cannot be "::"
                UNREADABLE | POLAR_RETENTION_HISTORY | 13mo    | POLAR_RETENTION_HISTORY cannot be "13mo"
                UNREADABLE | POLAR_PROJECTION_LANES  | two     | POLAR_PROJECTION_LANES cannot be "two"
                UNREADABLE | QUARKUS_HTTP_PORT       | http    | QUARKUS_HTTP_PORT cannot be "http"
                IDS_TOO_SHORT | POLAR_RETENTION_IDS      | 100d | more than POLAR_RETENTION_PAYLOADS, but is 100d
                IDS_TOO_SHORT | POLAR_RETENTION_PAYLOADS | 101d | and that one is 101d
                NO_SUCH_PROTOCOL | KAFKA_SECURITY_PROTOCOL | SSH | Invalid value SSH for configuration security.protocol
                """.lines().map(line -> line.split("\\|", -1)).map(fields -> new Refused(
                Start.valueOf(fields[0].strip()), fields[1].strip(), fields[2].strip(), fields[3].strip()));
    }

    @AfterAll
    static void endAll() {
        Start.LAUNCHED.values().forEach(PackagedService::kill);
    }

    @ParameterizedTest
    @MethodSource("refusals")
    void refusedSetting_isNamedOnStandardErrorAndInTheLog(Refused refused) {
        PackagedService service = refused.start.service();

        assertThat(service.exitCode()).isEqualTo(1);
        String output = service.output();
        String said = output.substring(output.lastIndexOf("\nPlinto Polar does not start"));
        assertThat(said).doesNotContain("{\"timestamp\"");
        assertThat(said.lines().filter(line -> line.contains(refused.said)
                && (line.contains(refused.name) || refused.start == Start.NO_SUCH_PROTOCOL))).as(said).hasSize(1);
        assertThat(logged(refused.start, output)).contains(refused.said);
    }

    private static String logged(Start start, String output) {
        if (start.logsText()) {
            return output.substring(output.indexOf("ERROR [dev.plinto"), output.lastIndexOf("\nPlinto Polar does not"));
        }
        List<JsonNode> errors = JsonLog.errors(output);
        assertThat(errors).hasSize(1);
        return errors.getFirst().path("message").asText();
    }

    @Test
    void everySettingThatCanBeRefused_hasACase() {
        Set<String> kinds = new TreeSet<>();
        KnownSettings.methods().forEach((name, method) -> {
            Bounds bounds = method.getAnnotation(Bounds.class);
            if (bounds != null) {
                kinds.add("BELOW " + name);
                kinds.add("ABOVE " + name);
                if (!bounds.moreThan().isEmpty()) {
                    kinds.add("IDS_TOO_SHORT " + name);
                }
            } else if (Stream.of(URI.class, YearMonth.class)
                    .anyMatch(type -> method.getGenericReturnType().getTypeName().contains(type.getName()))) {
                kinds.add((name.endsWith("_API_URL") ? "WRONG " : "UNREADABLE ") + name);
            }
        });
        KnownSettings.required().forEach(name -> kinds.add("MISSING " + name));

        assertThat(refusals().map(refused -> refused.start + " " + refused.name).collect(Collectors.toSet()))
                .containsAll(kinds);
    }
}
