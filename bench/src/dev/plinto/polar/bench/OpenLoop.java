package dev.plinto.polar.bench;

import dev.plinto.polar.testing.SignedDelivery;
import java.io.BufferedReader;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.Socket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.IntStream;

/// Sends each delivery when it is due, independent of earlier ones. Requests are built in advance and written to plain
/// sockets, because the generator shares two cores with the service.
final class OpenLoop implements AutoCloseable {

    private static final int CONNECTIONS = 64;

    private final List<Socket> connections;
    private final AtomicInteger accepted = new AtomicInteger();
    private final String head;

    OpenLoop(URI endpoint) {
        this.head = "POST " + endpoint.getPath() + " HTTP/1.1\r\nhost: " + endpoint.getAuthority() + "\r\n";
        this.connections = IntStream.range(0, CONNECTIONS).mapToObj(i -> connect(endpoint)).toList();
        connections.forEach(connection -> Thread.ofVirtual().start(() -> countAccepted(connection)));
    }

    /// @return when each was due, in nanoseconds, by index
    long[] send(List<SignedDelivery> deliveries, int perSecond) throws IOException {
        List<byte[]> requests = deliveries.stream().map(this::request).toList();
        long[] due = new long[requests.size()];
        long began = System.nanoTime();
        for (int i = 0; i < due.length; i++) {
            due[i] = began + i * 1_000_000_000L / perSecond;
            while (System.nanoTime() < due[i]) {
                LockSupport.parkNanos(due[i] - System.nanoTime());
            }
            OutputStream out = connections.get(i % CONNECTIONS).getOutputStream();
            out.write(requests.get(i));
        }
        return due;
    }

    int accepted() {
        return accepted.get();
    }

    private byte[] request(SignedDelivery delivery) {
        var request = new ByteArrayOutputStream();
        var headers = new StringBuilder(head);
        delivery.headers().forEach(
                header -> headers.append(header.getKey()).append(": ").append(header.getValue()).append("\r\n"));
        headers.append("content-length: ").append(delivery.body().length).append("\r\n\r\n");
        request.writeBytes(headers.toString().getBytes(StandardCharsets.US_ASCII));
        request.writeBytes(delivery.body());
        return request.toByteArray();
    }

    private static Socket connect(URI endpoint) {
        try {
            Socket connection = new Socket(endpoint.getHost(), endpoint.getPort());
            connection.setTcpNoDelay(true);
            return connection;
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        }
    }

    private void countAccepted(Socket connection) {
        try (var answers = new BufferedReader(
                new InputStreamReader(connection.getInputStream(), StandardCharsets.UTF_8))) {
            for (String line = answers.readLine(); line != null; line = answers.readLine()) {
                if (line.contains("HTTP/1.1 202")) { // follows the previous body, which has no line end
                    accepted.incrementAndGet();
                }
            }
        } catch (IOException closed) {
            // closed by us; otherwise the answers are missing from the accepted
        }
    }

    @Override
    public void close() throws IOException {
        for (Socket connection : connections) {
            connection.close();
        }
    }
}
