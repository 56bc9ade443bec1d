package dev.plinto.polar.reconcile;

import dev.plinto.polar.polar.PolarObject.Kind;
import java.util.List;

/// What a run does, one after the other: deliveries that never came, then each kind of object, first what Polar lists
/// and then what it does not list. Customers come first, since they say whose the others are.
sealed interface Step {

    record Deliveries() implements Step {}

    record Listed(Kind kind) implements Step {}

    record Lacking(Kind kind) implements Step {}

    List<Step> ALL = List.of(new Deliveries(),
            new Listed(Kind.CUSTOMER), new Lacking(Kind.CUSTOMER),
            new Listed(Kind.SUBSCRIPTION), new Lacking(Kind.SUBSCRIPTION),
            new Listed(Kind.GRANT), new Lacking(Kind.GRANT));

    /// As it is stored.
    default String name() {
        return switch (this) {
            case Deliveries deliveries -> "deliveries";
            case Listed listed -> "listed_" + listed.kind.wireName();
            case Lacking lacking -> "lacking_" + lacking.kind.wireName();
        };
    }

    static Step of(String name) {
        return ALL.stream().filter(step -> step.name().equals(name)).findFirst().orElse(ALL.getFirst());
    }
}
