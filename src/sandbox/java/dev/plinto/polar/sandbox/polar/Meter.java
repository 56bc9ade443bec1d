package dev.plinto.polar.sandbox.polar;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.time.Instant;
import java.util.Map;
import java.util.UUID;

/// What is measured: the events that the filter matches, aggregated to a number of units. `filter` and `aggregation`
/// are as the merchant stated them.
record Meter(
        UUID id,
        Instant createdAt,
        Instant modifiedAt,
        Map<String, Object> metadata,
        String name,
        String unit,
        String customLabel,
        Integer customMultiplier,
        ObjectNode filter,
        ObjectNode aggregation,
        UUID organizationId,
        Instant archivedAt) {}
