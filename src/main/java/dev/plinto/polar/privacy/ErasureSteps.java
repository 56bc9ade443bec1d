package dev.plinto.polar.privacy;

import dev.plinto.polar.ErasureStep;
import dev.plinto.polar.HeldData;
import dev.plinto.polar.privacy.ErasureStore.Attempt;
import io.vertx.sqlclient.Pool;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// All steps of an erasure, in their order: what the rooms do first, what the provider has and gives, then what each
/// room holds.
@ApplicationScoped
class ErasureSteps {

    private final Map<String, Step> byName = new LinkedHashMap<>();

    /// As [ErasureStep#take], of an accepted erasure: a step at the provider depends on what the request said too.
    interface Step {
        Optional<String> take(Attempt attempt) throws InterruptedException;
    }

    ErasureSteps(Pool pool, Rooms rooms, EndSubscriptions subscriptions, DeleteCustomers customers) {
        rooms.all().forEach(room -> room.stepsBefore().forEach(this::add));
        add("subscriptions", counting(subscriptions::take));
        add("polar", counting(customers::take));
        rooms.all().forEach(room -> room.stepsBetween().forEach(this::add));
        rooms.all().stream().filter(ErasureSteps::erasesRows).forEach(room -> add(new EraseRows(pool, room)));
        rooms.all().forEach(room -> room.stepsAfter().forEach(this::add));
    }

    private void add(ErasureStep step) {
        Step added = attempt -> step.take(attempt.subject());
        add(step.name(), step.countsWhatItDid() ? counting(added) : added);
    }

    /// Nobody knows what an attempt did that did not come to its end.
    private static Step counting(Step step) {
        return attempt -> step.take(attempt).map(outcome -> attempt.number() == 1
                ? outcome
                : outcome + " by attempt " + attempt.number() + "; what earlier ones did is not counted");
    }

    private void add(String name, Step step) {
        if (byName.put(name, step) != null) {
            throw new IllegalStateException("two steps of erasures are named " + name);
        }
    }

    private static boolean erasesRows(HeldData room) {
        return room.tables().stream().anyMatch(table -> table.erasedRows().isPresent());
    }

    /// In their order.
    List<String> names() {
        return List.copyOf(byName.keySet());
    }

    /// Empty if this release does not know the step: a newer one has written it.
    Optional<Step> find(String name) {
        return Optional.ofNullable(byName.get(name));
    }
}
