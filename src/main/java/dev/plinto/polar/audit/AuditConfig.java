package dev.plinto.polar.audit;

import dev.plinto.polar.Bounds;
import io.smallrye.config.ConfigMapping;
import io.smallrye.config.WithDefault;
import java.time.Duration;

/// The retention of the audit log.
@ConfigMapping(prefix = "polar.retention")
public interface AuditConfig {

    /// How long the audit log's rows are kept (`POLAR_RETENTION_AUDIT`); whole partitions are dropped, so that a row
    /// may stay for four weeks longer. Their seals stay for good.
    @WithDefault("400d")
    @Bounds(least = "30d", most = "3650d")
    Duration audit();
}
