package dev.plinto.polar.sandbox.polar;

import dev.plinto.polar.sandbox.provider.Faults;
import java.util.List;
import java.util.Random;
import java.util.UUID;

/// The [business faults][BusinessFault] to inject, and how often. Thread-safe.
public final class BusinessFaults {

    private static final String SEPARATOR = " ";

    private final Faults<BusinessFault> faults = new Faults<>(new Random(1));

    /// @param on id, or its beginning, of the affected subscription, order or customer; empty for all
    public void next(BusinessFault fault, String on, int times) {
        faults.next(subject(fault, on), times, fault);
    }

    public void clear() {
        faults.clear();
    }

    /// The faults that are still to happen.
    public List<Faults.Rule<BusinessFault>> rules() {
        return faults.rules().stream()
                .map(rule -> new Faults.Rule<>(
                        rule.on().substring(rule.on().indexOf(SEPARATOR) + 1), rule.times(), rule.chance(),
                        rule.fault()))
                .toList();
    }

    boolean happens(BusinessFault fault, UUID to) {
        return faults.take(subject(fault, to.toString())).isPresent();
    }

    /// @throws Refusal if one of these faults is to happen to this object
    public void refuse(UUID object, BusinessFault... possible) {
        for (BusinessFault fault : possible) {
            if (happens(fault, object)) {
                throw fault.refusal();
            }
        }
    }

    private static String subject(BusinessFault fault, String on) {
        return fault.wireName() + SEPARATOR + on;
    }
}
