package dev.plinto.polar.ops;

import dev.plinto.polar.Problem;
import dev.plinto.polar.Rfc3339;
import io.smallrye.mutiny.Uni;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.ws.rs.WebApplicationException;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/// Searches received events, and shows one with all its details.
@ApplicationScoped
public class Events {

    private final EventStore store;
    private final ParkedStore parked;
    private final ConflictQueries conflicts;

    Events(EventStore store, ParkedStore parked, ConflictQueries conflicts) {
        this.store = store;
        this.parked = parked;
        this.conflicts = conflicts;
    }

    /// Newest first.
    ///
    /// @param after the cursor of the page before; null or empty for the first page
    public Uni<FoundEvent.Page> search(EventSearch search, @Nullable String after, int limit) {
        Optional<Cursor> cursor = Optional.ofNullable(after).filter(text -> !text.isEmpty()).map(Cursor::decode);
        String from = search.from().map(Rfc3339::format).orElse(null);
        String until = search.until().map(Rfc3339::format).orElse(null);
        return store.search(search, cursor, limit).map(found -> found.size() <= limit
                ? new FoundEvent.Page(found, null, from, until)
                : new FoundEvent.Page(found.subList(0, limit), found.get(limit - 1).cursor().encode(), from, until));
    }

    /// With the changes that it made, its payload, and the conflicts; personal data is masked. Fails with 404
    /// `event-unknown`.
    public Uni<FoundEvent.WithPayload> details(String webhookId) {
        return find(webhookId).flatMap(event -> Uni.combine().all().unis(
                store.changes(event),
                store.payload(webhookId),
                parked.find(webhookId),
                event.customerId() == null
                        ? Uni.createFrom().item(List.<String>of())
                        : store.accountsOf(event.customerId()),
                conflicts.of(webhookId),
                store.namedBy(webhookId))
                .asTuple()
                .map(all -> new FoundEvent.WithPayload(event,
                        all.getItem3().map(ParkedEvent.WithPayload::event).orElse(null),
                        accounts(all.getItem1(), all.getItem4(), all.getItem6()), all.getItem1(), all.getItem5(),
                        all.getItem2().orElse(null))));
    }

    /// Fails with 404 `event-unknown`.
    public Uni<FoundEvent> find(String webhookId) {
        if (!ParkedSelection.isName(webhookId)) {
            throw unknown();
        }
        return store.find(webhookId).map(found -> found.orElseThrow(Events::unknown));
    }

    /// The accounts that it changed, else those of its customer, else those that its body names: the customer of an
    /// event that was not applied may be unknown.
    private static List<String> accounts(List<FoundEvent.Change> changes, List<String> ofCustomer,
            List<String> named) {
        List<String> changed = changes.stream().map(FoundEvent.Change::account).distinct().toList();
        return Stream.of(changed, ofCustomer, named).filter(some -> !some.isEmpty()).findFirst().orElse(List.of());
    }

    private static WebApplicationException unknown() {
        return new Problem("event-unknown", 404, "No event with this webhook id is known",
                "It was never received, is not projected yet, or its id is no longer kept (POLAR_RETENTION_IDS).")
                .exception();
    }
}
