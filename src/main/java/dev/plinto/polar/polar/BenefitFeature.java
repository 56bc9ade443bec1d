package dev.plinto.polar.polar;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.plinto.polar.entitlement.Benefit;
import dev.plinto.polar.entitlement.Facts;
import dev.plinto.polar.entitlement.StampedValue;
import org.jspecify.annotations.Nullable;

/// The feature that a benefit unlocks, read from the metadata that a statement or a row has of it.
public final class BenefitFeature {

    private static final ObjectMapper JSON = new ObjectMapper();

    /// The same facts, with the feature as of the metadata.
    public static Facts stated(Facts benefit) {
        StampedValue<String> metadata = benefit.stamped(Benefit.METADATA);
        return metadata == null
                ? benefit
                : benefit.merge(Facts.statedAt(metadata.stamp())
                        .carries(Benefit.FEATURE, read(metadata.value())).build());
    }

    /// Null for anything but a text or a whole number: a benefit that is only read makes no event unreadable.
    private static @Nullable String read(@Nullable String metadata) {
        try {
            JsonNode feature = metadata == null ? null : JSON.readTree(metadata).path(PolarObjects.FEATURE);
            return feature != null && (feature.isTextual() || feature.isIntegralNumber()) ? feature.asText() : null;
        } catch (JsonProcessingException corrupt) {
            throw new IllegalStateException("a benefit's metadata is not valid JSON", corrupt);
        }
    }

    private BenefitFeature() {}
}
