package dev.plinto.polar.ops.console;

import dev.plinto.polar.ops.EventSearch;
import dev.plinto.polar.ops.Format;
import dev.plinto.polar.ops.ReplayProgress;
import dev.plinto.polar.ops.ReplayProgress.Replay;
import dev.plinto.polar.ops.ReplayProgress.State;
import dev.plinto.polar.ops.ReplayProgress.Which;
import io.smallrye.mutiny.Uni;
import io.vertx.core.http.HttpServerRequest;
import jakarta.ws.rs.core.Response;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// What the list of parked events says after a replay. The address of the page names the replay, and the page loads
/// itself until the projection has decided.
///
/// @param isAwaited whether the page will soon say more
/// @param isLate    whether the projection has not decided for so long that waiting for it is no use
record ReplayResult(String text, String style, boolean isAwaited, boolean isLate) {

    private static final Duration LONGEST_WAIT = Duration.ofMinutes(5);

    /// To the page about a replay.
    static Response seeOther(Replay replay) {
        String which = switch (replay.which()) {
            case Which.One one -> "&webhook_id=" + Format.url(one.webhookId());
            case Which.All all -> parameter("reason", all.selection().reason())
                    + parameter("type", all.selection().type());
            case Which.UnknownType unknown -> "&unknown_type=" + Format.url(unknown.type());
        };
        return ConsoleResponses
                .seeOther("/ops/parked?replayed=" + replay.events() + "&since=" + replay.since() + which);
    }

    private static String parameter(String name, @Nullable String value) {
        return value == null ? "" : "&" + name + "=" + Format.url(value);
    }

    /// Empty if the address names no replay.
    static Uni<Optional<ReplayResult>> of(HttpServerRequest request, ReplayProgress progress, Instant now) {
        String replayed = ShowEvents.typed(request, "replayed");
        String since = ShowEvents.typed(request, "since");
        if (!replayed.matches("\\d{1,9}") || since.isEmpty()) {
            return Uni.createFrom().item(Optional.empty());
        }
        Replay replay = new Replay(Integer.parseInt(replayed), EventSearch.time("since", since), which(request));
        boolean isLate = replay.since().isBefore(now.minus(LONGEST_WAIT));
        return progress.of(replay).map(state -> Optional.of(of(replay, state, isLate)));
    }

    private static Which which(HttpServerRequest request) {
        String webhookId = ShowEvents.typed(request, "webhook_id");
        String unknownType = ShowEvents.typed(request, "unknown_type");
        return !webhookId.isEmpty()
                ? new Which.One(webhookId)
                : !unknownType.isEmpty()
                        ? new Which.UnknownType(unknownType)
                        : new Which.All(ShowParked.selection(new Pages.ParkedForm(ShowEvents.typed(request, "reason"),
                                ShowEvents.typed(request, "type"))));
    }

    private static ReplayResult of(Replay replay, State state, boolean isLate) {
        String published = Format.count(state.events(), "event was", "events were") + " published again. ";
        if (state.waiting() > 0) {
            return new ReplayResult(published + Format.count(state.waiting(), "waits", "wait")
                    + " to be projected.", "unknown", !isLate, isLate);
        }
        if (state.failedAgain() > 0) {
            return new ReplayResult(published + (replay.which() instanceof Which.One
                    ? "It failed again and stays parked: " + state.detail() + "."
                    : Format.count(state.failedAgain(), "failed again and stays parked", "failed again and stay parked")
                            + "; " + Format.count(state.applied(), "is projected", "are projected") + "."),
                    "notable", false, false);
        }
        return new ReplayResult(published + (state.events() == 1 ? "It is" : "They are")
                + " projected, and no longer parked.", "well", false, false);
    }
}
