package dev.plinto.polar.testing;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.time.Duration;
import java.util.Arrays;
import java.util.concurrent.locks.LockSupport;

/// Stands between a service and a server on this machine, and may let every answer wait, as a server does that takes its
/// time for each statement.
public final class SlowProxy implements AutoCloseable {

    private final ServerSocket entrance;
    private final int server;
    private volatile Duration delay = Duration.ZERO;

    private SlowProxy(ServerSocket entrance, int server) {
        this.entrance = entrance;
        this.server = server;
    }

    public static SlowProxy before(int server) {
        try {
            var proxy = new SlowProxy(new ServerSocket(0, 50, InetAddress.getLoopbackAddress()), server);
            Thread.ofVirtual().start(proxy::accept);
            return proxy;
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        }
    }

    public int port() {
        return entrance.getLocalPort();
    }

    /// From the next answer on.
    public void delay(Duration each) {
        delay = each;
    }

    @Override
    public void close() throws IOException {
        entrance.close();
    }

    private void accept() {
        while (!entrance.isClosed()) {
            try {
                Socket client = entrance.accept();
                Thread.ofVirtual().start(() -> connect(client));
            } catch (IOException closed) {
                return;
            }
        }
    }

    private void connect(Socket client) {
        try (client; Socket upstream = new Socket(InetAddress.getLoopbackAddress(), server)) {
            Thread.ofVirtual().start(() -> carry(client, upstream, false));
            carry(upstream, client, true);
        } catch (IOException away) {
            // the client sees it as a connection that is closed
        }
    }

    /// Until one side closes; then both are closed.
    private void carry(Socket from, Socket to, boolean late) {
        try (from; to) {
            InputStream in = from.getInputStream();
            OutputStream out = to.getOutputStream();
            byte[] buffer = new byte[64 * 1024];
            for (int length = in.read(buffer); length >= 0; length = in.read(buffer)) {
                long due = System.nanoTime() + (late ? delay.toNanos() : 0);
                for (long rest = due - System.nanoTime(); rest > 0; rest = due - System.nanoTime()) {
                    LockSupport.parkNanos(rest);
                }
                out.write(Arrays.copyOf(buffer, length));
            }
        } catch (IOException closed) {
            // the other direction ends with it
        }
    }
}
