package dev.plinto.polar.reconcile;

import dev.plinto.polar.polar.PolarObject.Kind;
import java.util.List;
import java.util.Optional;

/// One step of a run: deliveries that never arrived, then for each kind the objects that Polar lists, then, of kinds of
/// which Polar deletes some, the stored ones that are missing there. What decides access comes first, and customers
/// before all, since they determine the accounts of the others.
sealed interface Step {

    record Deliveries() implements Step {}

    record Listed(Kind kind) implements Step {}

    record Missing(Kind kind) implements Step {}

    List<Step> ALL = List.of(new Deliveries(),
            new Listed(Kind.CUSTOMER), new Missing(Kind.CUSTOMER),
            new Listed(Kind.SUBSCRIPTION), new Missing(Kind.SUBSCRIPTION),
            new Listed(Kind.GRANT), new Missing(Kind.GRANT),
            new Listed(Kind.PRODUCT), new Listed(Kind.METER), new Listed(Kind.ORDER), new Listed(Kind.CHECKOUT),
            new Listed(Kind.MEMBER), new Missing(Kind.MEMBER),
            new Listed(Kind.SEAT), new Listed(Kind.CUSTOMER_METER));

    /// Empty for deliveries, which are of any kind.
    default Optional<Kind> ofKind() {
        return switch (this) {
            case Deliveries deliveries -> Optional.empty();
            case Listed listed -> Optional.of(listed.kind);
            case Missing missing -> Optional.of(missing.kind);
        };
    }

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
