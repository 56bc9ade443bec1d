package dev.plinto.polar.sandbox.process;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/// Free ports of this machine. Another process may take a port between this answer and its use.
public final class FreePort {

    private static final int TRIED = 200;
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

    /// A different port at each call.
    public static int any() {
        try (var socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            int port = socket.getLocalPort();
            return GIVEN.add(port) ? port : any();
        } catch (IOException failure) {
            throw new SandboxFailure("The operating system has no free port on the loopback interface.", failure);
        }
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
