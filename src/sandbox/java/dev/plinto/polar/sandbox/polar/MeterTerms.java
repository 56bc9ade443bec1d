package dev.plinto.polar.sandbox.polar;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.Map;

/// What the merchant states of a meter. `customLabel` and `customMultiplier` are null unless the unit is `custom`.
public record MeterTerms(
        String name,
        String unit,
        String customLabel,
        Integer customMultiplier,
        ObjectNode filter,
        ObjectNode aggregation,
        boolean isArchived,
        Map<String, Object> metadata) {}
