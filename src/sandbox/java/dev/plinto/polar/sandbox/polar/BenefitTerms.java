package dev.plinto.polar.sandbox.polar;

import java.util.Map;

/// What the merchant states of a benefit; which properties it has depends on its type.
public record BenefitTerms(
        String type,
        String description,
        String visibility,
        Map<String, Object> properties,
        Map<String, Object> metadata) {}
