package dev.plinto.polar.sandbox.polar;

import java.time.Instant;
import java.util.HashMap;
import java.util.Map;
import java.util.UUID;

/// A benefit that a product grants to its customers.
record Benefit(
        UUID id,
        Instant createdAt,
        Instant modifiedAt,
        String type,
        String description,
        boolean selectable,
        boolean deletable,
        boolean isDeleted,
        UUID organizationId,
        Map<String, Object> metadata,
        String visibility,
        Map<String, Object> properties,
        boolean visibilityConfigurable) {

    static final String CUSTOM = "custom";
    static final String FEATURE_FLAG = "feature_flag";
    static final String METER_CREDIT = "meter_credit";

    /// `feature` names the flag; null makes it a benefit of type `custom`, which carries a note instead.
    static Benefit of(UUID id, Instant at, UUID merchant, String description, String feature) {
        Map<String, Object> note = new HashMap<>();
        note.put("note", null);
        return new Benefit(
                id, at, null, feature == null ? CUSTOM : FEATURE_FLAG, description, true, true, false, merchant,
                feature == null ? Map.of() : Map.of("feature", feature), "public", feature == null ? note : Map.of(),
                true);
    }

    boolean isMeterCredit() {
        return type.equals(METER_CREDIT);
    }

    Benefit described(String newDescription, Instant at) {
        return new Benefit(
                id, createdAt, at, type, newDescription, selectable, deletable, isDeleted, organizationId, metadata,
                visibility, properties, visibilityConfigurable);
    }
}
