package dev.plinto.polar.reconcile;

import dev.plinto.polar.polar.PolarObject.Kind;
import dev.plinto.polar.polar.api.PolarFailure;
import io.quarkus.logging.Log;
import java.util.EnumMap;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/// The kinds whose lists Polar refuses to show, and why: each is logged once while it lasts, not in every run.
final class UnreadLists {

    private final Map<Kind, @Nullable String> reasons = new EnumMap<>(Kind.class);

    void add(Kind kind, PolarFailure refusal) {
        String reason = refusal.getMessage();
        if (!Objects.equals(reasons.put(kind, reason), reason)) {
            Log.warnf("Polar's objects of the kind %s are not compared, and what is told of them may be incomplete; "
                    + "what decides access is compared all the same. %s", kind.wireName(), reason);
        }
    }

    void remove(Kind kind) {
        reasons.remove(kind);
    }
}
