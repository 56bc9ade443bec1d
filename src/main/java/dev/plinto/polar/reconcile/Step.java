package dev.plinto.polar.reconcile;

import dev.plinto.polar.polar.PolarObject.Kind;
import java.util.List;

/// One step of a run: deliveries that never arrived, then for each kind the objects that Polar lists, then the stored
/// ones that are missing there. Customers come first, since they determine the accounts of the others.
sealed interface Step {

    record Deliveries() implements Step {}

    record Listed(Kind kind) implements Step {}

    record Missing(Kind kind) implements Step {}

    List<Step> ALL = List.of(new Deliveries(),
            new Listed(Kind.CUSTOMER), new Missing(Kind.CUSTOMER),
            new Listed(Kind.SUBSCRIPTION), new Missing(Kind.SUBSCRIPTION),
            new Listed(Kind.GRANT), new Missing(Kind.GRANT));

    /// As stored in `reconciliation.step`.
    default String name() {
        return switch (this) {
            case Deliveries deliveries -> "deliveries";
            case Listed listed -> "listed_" + listed.kind.wireName();
            case Missing missing -> "lacking_" + missing.kind.wireName();
        };
    }

    static Step of(String name) {
        return ALL.stream().filter(step -> step.name().equals(name)).findFirst().orElse(ALL.getFirst());
    }
}
