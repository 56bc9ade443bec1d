package dev.plinto.polar.projection;

import dev.plinto.polar.postgres.TimePartitions;
import io.vertx.sqlclient.Pool;
import jakarta.inject.Singleton;
import java.util.Map;

/// Of what the projection keeps for a time.
@Singleton
final class Partitions extends TimePartitions {

    Partitions(Pool pool) {
        super(pool, Map.of("payloads", 7, "history", 28, "benefit_changes", 28));
    }
}
