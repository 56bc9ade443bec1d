package dev.plinto.polar.sandbox.process;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ThreadLocalRandom;

/// Free ports of this machine. Another process may take a port between this answer and its use.
public final class FreePort {

    private static final int TRIED = 200;
    private static final int FIRST = 10_000;
    private static final int FIRST_OF_CONNECTIONS = 32_768; // on Linux; higher elsewhere
    private static final Set<Integer> GIVEN = ConcurrentHashMap.newKeySet();

    /// The wanted port, or the next free one.
    public static int from(int wanted) {
        for (int port = wanted; port < Math.min(wanted + TRIED, 65_536); port++) {
            if (isFree(port)) {
                return port;
            }
        }
        throw new SandboxFailure("No free port from %d to %d: stop what listens there, or configure another port."
                .formatted(wanted, wanted + TRIED - 1));
    }

    /// A different port at each call. It is below those that the operating system gives to outgoing connections, since
    /// one of these could take it before it is used.
    public static int any() {
        for (int attempt = 0; attempt < TRIED; attempt++) {
            int port = ThreadLocalRandom.current().nextInt(FIRST, FIRST_OF_CONNECTIONS);
            if (GIVEN.add(port) && isFree(port)) {
                return port;
            }
        }
        throw new SandboxFailure("No free port of %d to %d, of %d tried: stop what listens there."
                .formatted(FIRST, FIRST_OF_CONNECTIONS - 1, TRIED));
    }

    private static boolean isFree(int port) {
        try (var socket = new ServerSocket(port, 1, InetAddress.getLoopbackAddress())) {
            return socket.isBound();
        } catch (IOException taken) {
            return false;
        }
    }

    private FreePort() {}
}
