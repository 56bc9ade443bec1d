package dev.plinto.polar.http;

import dev.plinto.polar.http.Connection.State;
import io.quarkus.logging.Log;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.EnumMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.LongSupplier;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/// All connections, and the bytes of requests that have not arrived whole. If there are too many of either, the
/// connection is cut that has waited longest for the rest of a request: a stranger's, since Polar's deliveries arrive
/// whole within milliseconds. If none has waited for a second, the one that is idle for longest makes room for another.
/// A connection whose request is being answered is not cut.
///
/// Nothing is limited by client address: behind a load balancer all clients have the same one.
final class OpenConnections {

    /// From a request's first byte to its last, and from a connection to its first byte. Polar waits no longer.
    static final Duration DEADLINE = Duration.ofSeconds(10);
    /// From then on a request must have brought [#MIN_RATE] bytes a second.
    static final Duration GRACE = Duration.ofSeconds(3);
    static final int MIN_RATE = 1024;
    /// Within that a delivery of Polar's is whole, and its connection is not one that waits.
    private static final Duration PROMPT = Duration.ofSeconds(1);

    private static final int BYTES_SHARE = 8; // of the heap; what is being read takes a little more than its size
    private static final int HEAP_EACH = 64 * 1024; // so connections take a sixth of the heap, and some direct memory
    private static final long WARNING_INTERVAL = Duration.ofMinutes(1).toNanos();

    private final long maxConnections;
    private final long maxBytes;
    private final LongSupplier nanoTime;
    private final Map<CutReason, LongAdder> cuts = Arrays.stream(CutReason.values())
            .collect(Collectors.toUnmodifiableMap(reason -> reason, reason -> new LongAdder()));

    private final Map<State, Set<Connection>> byState = new EnumMap<>(State.class); // the longest in it is the first
    private long connections;
    private long bytes; // of those that are incomplete
    private long warnedAt;

    static OpenConnections ofHeap(long heap) {
        return new OpenConnections(heap / HEAP_EACH, heap / BYTES_SHARE, System::nanoTime);
    }

    OpenConnections(long maxConnections, long maxBytes, LongSupplier nanoTime) {
        this.maxConnections = maxConnections;
        this.maxBytes = maxBytes;
        this.nanoTime = nanoTime;
        this.warnedAt = nanoTime.getAsLong() - WARNING_INTERVAL;
        for (State state : State.values()) {
            byState.put(state, new LinkedHashSet<>());
        }
    }

    void opened(Connection connection) {
        List<Connection> victims = new ArrayList<>(1);
        synchronized (this) {
            connections++;
            Connection waiting = connections > maxConnections
                    ? mostDispensable().orElse(connection)
                    : null;
            move(connection, State.SILENT);
            if (waiting != null) {
                take(waiting, victims);
            }
        }
        cut(victims, CutReason.CONNECTIONS);
    }

    void received(Connection connection, int length) {
        List<Connection> victims = new ArrayList<>(0);
        synchronized (this) {
            connection.received += length;
            bytes += connection.state == State.INCOMPLETE ? length : 0;
            settle(connection);
            while (bytes > maxBytes) {
                take(in(State.INCOMPLETE).iterator().next(), victims);
            }
        }
        cut(victims, CutReason.MEMORY);
    }

    synchronized void requestBegan(Connection connection) {
        connection.inRequest = true;
        settle(connection);
    }

    synchronized void requestEnded(Connection connection) {
        bytes -= connection.state == State.INCOMPLETE ? connection.received : 0;
        connection.received = 0;
        connection.inRequest = false;
        connection.unanswered++;
        settle(connection);
    }

    synchronized void answered(Connection connection) {
        connection.unanswered--;
        settle(connection);
    }

    /// Another answer begins while the client has not read the ones before; together they could fill the memory.
    void unread(Connection connection) {
        List<Connection> victims = new ArrayList<>(1);
        synchronized (this) {
            take(connection, victims);
        }
        cut(victims, CutReason.UNREAD);
    }

    /// Cuts the connection if the rest of its request is late. (While we do not read, it waits for us.)
    void check(Connection connection) {
        List<Connection> victims = new ArrayList<>(0);
        synchronized (this) {
            if (isLate(connection) && connection.channel.config().isAutoRead()) {
                take(connection, victims);
            }
        }
        cut(victims, CutReason.SLOW);
    }

    synchronized void closed(Connection connection) {
        take(connection, new ArrayList<>(1));
    }

    long cuts(CutReason reason) {
        return Objects.requireNonNull(cuts.get(reason)).sum();
    }

    private boolean isLate(Connection connection) {
        if (connection.state != State.SILENT && connection.state != State.INCOMPLETE) {
            return false;
        }
        Duration waited = inItsState(connection);
        return waited.compareTo(DEADLINE) >= 0
                || connection.state == State.INCOMPLETE && waited.compareTo(GRACE) >= 0
                        && connection.received < MIN_RATE * waited.toSeconds();
    }

    /// Who has just connected is spared for a moment, so that strangers who are idle do not make deliveries cut each
    /// other.
    private Optional<Connection> mostDispensable() {
        Optional<Connection> waiting = Stream.of(State.SILENT, State.INCOMPLETE)
                .flatMap(state -> in(state).stream().limit(1))
                .max(Comparator.comparing(this::inItsState));
        return waiting.filter(longest -> inItsState(longest).compareTo(PROMPT) >= 0)
                .or(() -> in(State.IDLE).stream().findFirst())
                .or(() -> waiting);
    }

    private Duration inItsState(Connection connection) {
        return Duration.ofNanos(nanoTime.getAsLong() - connection.since);
    }

    private void settle(Connection connection) {
        if (connection.unanswered > 0) {
            move(connection, State.BUSY); // bytes of a further request count from the answer
        } else {
            move(connection, connection.inRequest || connection.received > 0 ? State.INCOMPLETE : State.IDLE);
        }
    }

    private void move(Connection connection, State to) {
        State from = connection.state;
        if (from == to || from == State.CLOSED) { // events of a closed connection may still be under way
            return;
        }
        in(from).remove(connection);
        in(to).add(connection);
        bytes += (to == State.INCOMPLETE ? connection.received : 0)
                - (from == State.INCOMPLETE ? connection.received : 0);
        connection.state = to;
        connection.since = nanoTime.getAsLong();
    }

    private void take(Connection connection, List<Connection> victims) {
        if (connection.state != State.CLOSED) {
            move(connection, State.CLOSED);
            in(State.CLOSED).remove(connection);
            connections--;
            victims.add(connection);
        }
    }

    private Set<Connection> in(State state) {
        return Objects.requireNonNull(byState.get(state));
    }

    /// Not under the lock: closing a channel runs its handlers.
    private void cut(List<Connection> victims, CutReason reason) {
        if (victims.isEmpty()) {
            return;
        }
        victims.forEach(victim -> victim.channel.close());
        Objects.requireNonNull(cuts.get(reason)).add(victims.size());
        if (reason != CutReason.SLOW) {
            warn(reason);
        }
    }

    private void warn(CutReason reason) {
        synchronized (this) {
            long now = nanoTime.getAsLong();
            if (now - warnedAt < WARNING_INTERVAL) {
                return;
            }
            warnedAt = now;
        }
        Log.warnf("Connections are cut (%s): strangers open too many, send requests that never end, or do not read "
                + "the answers. Deliveries go on. Find at the balancer which client it is, and block it; "
                + "polar_connections_cut_total counts the connections", reason.label());
    }
}
