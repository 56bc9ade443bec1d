package dev.plinto.polar.faults;

import dev.plinto.polar.testing.Trap;
import java.util.List;
import java.util.concurrent.CompletableFuture;

/// When a replica is killed: at what it sends to the database or to Polar, either before that arrives, or once it has
/// arrived and before its answer does.
///
/// @param texts that it sends one after the other; the last one is the moment
record KillMoment(Server server, Trap.Side side, List<String> texts) {

    enum Server {
        DATABASE, POLAR
    }

    KillMoment {
        texts = List.copyOf(texts);
    }

    static KillMoment before(Server server, String... texts) {
        return new KillMoment(server, Trap.Side.BEFORE, List.of(texts));
    }

    static KillMoment after(Server server, String... texts) {
        return new KillMoment(server, Trap.Side.AFTER, List.of(texts));
    }

    Trap trap(Runnable kill) {
        return new Trap(texts, side, kill, new CompletableFuture<>());
    }
}
