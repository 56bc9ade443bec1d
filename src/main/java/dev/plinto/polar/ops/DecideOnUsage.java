package dev.plinto.polar.ops;

import dev.plinto.polar.IdParameter;
import dev.plinto.polar.Problem;
import dev.plinto.polar.audit.Action;
import dev.plinto.polar.audit.Actor;
import dev.plinto.polar.audit.AuditLog;
import dev.plinto.polar.audit.AuditLog.Entry;
import dev.plinto.polar.postgres.RequestQueries;
import dev.plinto.polar.usage.ParkedUsage;
import dev.plinto.polar.usage.ParkedUsage.ParkedEvent;
import dev.plinto.polar.usage.ParkedUsage.Position;
import dev.plinto.polar.usage.ParkedUsage.Reference;
import io.quarkus.logging.Log;
import io.smallrye.mutiny.Uni;
import io.vertx.mutiny.sqlclient.Tuple;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.ws.rs.WebApplicationException;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.function.Function;
import java.util.function.IntFunction;
import org.jspecify.annotations.Nullable;

/// Events of usage that Polar refuses: lists them, lets them be sent again, and discards those that are not to be
/// billed.
@ApplicationScoped
public class DecideOnUsage {

    private static final int BATCH = 500;
    private static final String ALL = "all parked usage";

    private final ParkedUsage parked;
    private final RequestQueries database;
    private final DiscardStore clock;
    private final AuditLog audit;

    DecideOnUsage(ParkedUsage parked, RequestQueries database, DiscardStore clock, AuditLog audit) {
        this.parked = parked;
        this.database = database;
        this.clock = clock;
        this.audit = audit;
    }

    /// How many events are sent again.
    public record Replayed(int replayed) {}

    /// By organization, and then oldest first.
    ///
    /// @param organization null for all
    /// @param after        the cursor of the page before; null for the first page
    public Uni<RefusedUsage.Page> list(@Nullable String organization, @Nullable String after, int limit) {
        Position place = after != null
                ? UsageCursor.decode(after)
                : Position.before(organization == null ? "" : requireId(organization));
        return parked.list(place, limit + 1).map(found -> page(found.stream()
                .takeWhile(event -> organization == null || event.reference().organization().equals(organization))
                .toList(), limit));
    }

    /// Blocks. Throws 404 `not-parked`.
    public Replayed replayOne(Actor actor, String id) throws InterruptedException {
        return new Replayed(one(actor, Action.REPLAY_USAGE, id, null, parked::replay));
    }

    /// Blocks. Those of an organization that are parked when it begins. Throws 503 `replay-incomplete` if the database
    /// does not answer before the last one.
    public Replayed replayAll(Actor actor, String organization) throws InterruptedException {
        return new Replayed(all(actor, Action.REPLAY_USAGE, organization, null, parked::replay,
                done -> Incomplete.replay("database", done, "replayed", "the others are still parked.")));
    }

    /// Blocks. Throws 404 `not-parked`.
    public DiscardParkedEvents.Discarded discardOne(Actor actor, String id, DiscardReason reason)
            throws InterruptedException {
        return new DiscardParkedEvents.Discarded(
                one(actor, Action.DISCARD_USAGE, id, reason.text(), parked::discard));
    }

    /// Blocks. Those of an organization that are parked when it begins. Throws 503 `discard-incomplete` if the database
    /// does not answer before the last one.
    public DiscardParkedEvents.Discarded discardAll(Actor actor, String organization, DiscardReason reason)
            throws InterruptedException {
        return new DiscardParkedEvents.Discarded(
                all(actor, Action.DISCARD_USAGE, organization, reason.text(), parked::discard,
                        Incomplete::discard));
    }

    private int one(Actor actor, Action action, String id, @Nullable String reason,
            Function<List<Reference>, Uni<List<Reference>>> change) throws InterruptedException {
        Optional<Reference> event = reference(id);
        return record(actor, action, id, event.map(Reference::organization), reason, () -> {
            int changed = event.map(known -> await(change.apply(List.of(known))).size()).orElse(0);
            if (changed == 0) {
                throw notParked();
            }
            return changed;
        });
    }

    /// In transactions of a few hundred. An event that is replayed and parked again meanwhile is due later than the
    /// beginning, and left alone.
    ///
    /// @param incomplete the problem if the database does not answer any more after so many events
    private int all(Actor actor, Action action, String organization, @Nullable String reason,
            Function<List<Reference>, Uni<List<Reference>>> change,
            IntFunction<WebApplicationException> incomplete) throws InterruptedException {
        requireId(organization);
        return record(actor, action, ALL, Optional.of(organization), reason, () -> {
            int changed = 0;
            try {
                Instant begun = await(clock.now());
                List<Reference> next = next(organization, begun);
                while (!next.isEmpty()) {
                    changed += await(change.apply(next)).size();
                    next = next(organization, begun);
                }
                return changed;
            } catch (WebApplicationException databaseAway) {
                report(actor, action, changed, ALL, ", then the database did not answer");
                throw changed == 0 ? databaseAway : incomplete.apply(changed);
            }
        });
    }

    private List<Reference> next(String organization, Instant begun) {
        return await(parked.list(Position.before(organization), BATCH)).stream()
                .filter(event -> event.reference().organization().equals(organization)
                        && !event.position().dueAt().isAfter(begun))
                .map(ParkedEvent::reference).toList();
    }

    private interface Changes {
        int count();
    }

    private int record(Actor actor, Action action, String which, Optional<String> organization,
            @Nullable String reason, Changes changes) throws InterruptedException {
        return audit.record(Entry.of(actor, action, which, reason).ofOrganization(organization), () -> {
            int changed = changes.count();
            report(actor, action, changed, which, "");
            return changed;
        }, changed -> Format.count(changed, "event"));
    }

    private static void report(Actor actor, Action action, int changed, String which, String ending) {
        Log.infof("Operator %s %s %d parked events of usage (%s)%s", actor.subject(),
                action == Action.REPLAY_USAGE ? "replayed" : "discarded", changed, which, ending);
    }

    private Optional<Reference> reference(String id) {
        return uuid(id).flatMap(known -> await(database.query(
                "SELECT organization FROM usage_events WHERE state = 'parked' AND id = $1", Tuple.of(known),
                row -> new Reference(row.getString(0), known))).stream().findFirst());
    }

    private static Optional<UUID> uuid(String text) {
        try {
            return Optional.of(UUID.fromString(text));
        } catch (IllegalArgumentException none) {
            return Optional.empty();
        }
    }

    /// Each has a timeout of its own.
    private static <T> T await(Uni<T> answer) {
        return answer.await().indefinitely();
    }

    private static String requireId(String organization) {
        return IdParameter.valid("organization_id", List.of(organization));
    }

    private static RefusedUsage.Page page(List<ParkedEvent> found, int limit) {
        List<ParkedEvent> items = found.size() > limit ? found.subList(0, limit) : found;
        return new RefusedUsage.Page(items.stream().map(RefusedUsage::of).toList(),
                items.size() < found.size() ? UsageCursor.encode(items.getLast().position()) : null);
    }

    private static WebApplicationException notParked() {
        return new Problem("not-parked", 404, "No event with this id is parked",
                "It has been replayed or discarded meanwhile, or was never parked.").exception();
    }
}
