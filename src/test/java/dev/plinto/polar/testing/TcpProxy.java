package dev.plinto.polar.testing;

import dev.plinto.polar.sandbox.process.FreePort;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.time.Duration;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/// A simulated network between two processes on this machine.
public final class TcpProxy implements AutoCloseable {

    private static final int CHUNK = 8 * 1024;
    private static final Duration POLL_INTERVAL = Duration.ofMillis(20);

    /// The properties of the network.
    ///
    /// @param latency of each chunk, one way
    /// @param bytesPerSecond of each connection, one way; 0 for unlimited
    /// @param isSilent nothing arrives any more, and neither end gets an error
    /// @param writes how late each request arrives that makes something durable for a Kafka transaction; those that the
    ///               near end sent after it on its connection wait as well, as they do at a broker
    public record Network(Duration latency, int bytesPerSecond, boolean isSilent, Duration writes) {

        public static final Network GOOD = new Network(Duration.ZERO, 0, false, Duration.ZERO);
        public static final Network SILENT = new Network(Duration.ZERO, 0, true, Duration.ZERO);

        public static Network slow(Duration latency) {
            return new Network(latency, 0, false, Duration.ZERO);
        }

        public static Network narrow(int bytesPerSecond) {
            return new Network(Duration.ZERO, bytesPerSecond, false, Duration.ZERO);
        }

        public static Network slowWrites(Duration writes) {
            return new Network(Duration.ZERO, 0, false, writes);
        }
    }

    private final ServerSocket listener;
    private final InetSocketAddress target;
    private final Set<Connection> connections = ConcurrentHashMap.newKeySet();
    private volatile Network network = Network.GOOD;
    private volatile @Nullable Trap trap;
    private volatile boolean closed;

    private TcpProxy(ServerSocket listener, InetSocketAddress target) {
        this.listener = listener;
        this.target = target;
    }

    /// Connections to [#port()] are forwarded to that port.
    public static TcpProxy to(int targetPort) {
        try {
            // From FreePort: a port chosen by the system could be one that a test has picked and not opened yet.
            ServerSocket listener = new ServerSocket(FreePort.any(), 128, InetAddress.getLoopbackAddress());
            TcpProxy proxy = new TcpProxy(listener,
                    new InetSocketAddress(InetAddress.getLoopbackAddress(), targetPort));
            Thread.ofVirtual().name("proxy " + proxy.port()).start(proxy::accept);
            return proxy;
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        }
    }

    public int port() {
        return listener.getLocalPort();
    }

    public void become(Network network) {
        this.network = network;
    }

    /// In what is sent over new connections.
    public void set(Trap newTrap) {
        trap = newTrap;
    }

    /// Both ends of every connection get a reset.
    public void reset() {
        connections.forEach(Connection::reset);
    }

    /// The far end of every connection is gone without notice: what the near end sends is lost.
    public void halfOpen() {
        connections.forEach(Connection::loseFarEnd);
    }

    @Override
    public void close() {
        closed = true;
        try {
            listener.close();
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        }
        reset();
    }

    private void accept() {
        while (!closed) {
            try {
                Connection connection = new Connection(listener.accept());
                connections.add(connection);
                Thread.ofVirtual().start(connection::connect);
            } catch (IOException closing) {
                return;
            }
        }
    }

    private final class Connection {

        private final Socket near;
        private final Socket far = new Socket();
        private final DurableRequests requests = new DurableRequests();
        private final Trap.@Nullable Watch watch = trap == null ? null : trap.new Watch();
        private volatile boolean isTrapped;
        private volatile boolean farEndIsLost;

        private Connection(Socket near) {
            this.near = near;
        }

        private void connect() {
            try {
                near.setTcpNoDelay(true);
                far.setTcpNoDelay(true);
                far.connect(target);
                Thread.ofVirtual().start(() -> carry(far, near));
                carry(near, far);
            } catch (IOException unreachable) {
                reset();
            }
        }

        private void carry(Socket from, Socket to) {
            byte[] chunk = new byte[CHUNK];
            try {
                InputStream in = from.getInputStream();
                OutputStream out = to.getOutputStream();
                for (int read = in.read(chunk); read >= 0; read = in.read(chunk)) {
                    if (isTrapped(from, chunk, read)) {
                        return;
                    }
                    travel(from.equals(near) ? requests.in(chunk, read) : 0, read);
                    if (!farEndIsLost) {
                        out.write(chunk, 0, read);
                    }
                }
                if (!farEndIsLost) {
                    to.shutdownOutput();
                }
            } catch (IOException broken) {
                if (!farEndIsLost) {
                    reset();
                }
            }
            if (from.isClosed() || to.isClosed() || from.isInputShutdown() && to.isInputShutdown()) {
                connections.remove(this);
            }
        }

        /// Whether this is not to arrive.
        private boolean isTrapped(Socket from, byte[] chunk, int length) {
            if (watch == null) {
                return false;
            }
            if (from.equals(near)) {
                isTrapped = isTrapped || watch.sees(chunk, length);
            }
            boolean isHeld = isTrapped && from.equals(watch.side() == Trap.Side.BEFORE ? near : far);
            if (isHeld) {
                watch.spring();
            }
            return isHeld;
        }

        private void travel(int writes, int bytes) {
            Network now = network;
            while (network.isSilent && !farEndIsLost && !near.isClosed()) {
                LockSupport.parkNanos(POLL_INTERVAL.toNanos());
            }
            long nanos = now.latency.toNanos() + now.writes.toNanos() * writes;
            if (now.bytesPerSecond > 0) {
                nanos += bytes * 1_000_000_000L / now.bytesPerSecond;
            }
            if (nanos > 0) {
                LockSupport.parkNanos(nanos);
            }
        }

        private void reset() {
            connections.remove(this);
            abort(near);
            abort(far);
        }

        private void loseFarEnd() {
            farEndIsLost = true;
            abort(far);
        }

        private static void abort(Socket socket) {
            try {
                if (!socket.isClosed()) {
                    socket.setSoLinger(true, 0); // closing then resets
                    socket.close();
                }
            } catch (IOException gone) {
                // as intended
            }
        }
    }
}
