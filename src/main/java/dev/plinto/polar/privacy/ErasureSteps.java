package dev.plinto.polar.privacy;

import dev.plinto.polar.ErasureStep;
import dev.plinto.polar.HeldData;
import io.vertx.sqlclient.Pool;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// All steps of an erasure, in their order: what the provider has and gives, then what each room holds.
@ApplicationScoped
class ErasureSteps {

    private final Map<String, ErasureStep> byName = new LinkedHashMap<>();

    ErasureSteps(Pool pool, Rooms rooms) {
        List<ErasureStep> steps = new ArrayList<>();
        rooms.all().forEach(room -> steps.addAll(room.stepsBefore()));
        rooms.all().forEach(room -> steps.addAll(room.stepsBetween()));
        rooms.all().stream().filter(ErasureSteps::erasesRows).forEach(room -> steps.add(new EraseRows(pool, room)));
        rooms.all().forEach(room -> steps.addAll(room.stepsAfter()));
        steps.forEach(step -> byName.put(step.name(), step));
    }

    private static boolean erasesRows(HeldData room) {
        return room.tables().stream().anyMatch(table -> table.erasedRows().isPresent());
    }

    /// @param keepAtProvider whether Polar's own record of the customer is to stay
    List<String> namesFor(boolean keepAtProvider) {
        return List.copyOf(byName.keySet());
    }

    /// Empty if this release does not know the step: a newer one has written it.
    Optional<ErasureStep> find(String name) {
        return Optional.ofNullable(byName.get(name));
    }
}
