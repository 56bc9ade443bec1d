package dev.plinto.polar.testing;

import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.CopyOnWriteArrayList;

/// Receives spans by OTLP over HTTP, as a collector does, and keeps them. It decodes those fields of OpenTelemetry's
/// protobuf messages that tests need, by their numbers.
public final class SpanCollector implements AutoCloseable {

    private final List<Span> spans = new CopyOnWriteArrayList<>();
    private final HttpServer server;

    /// @param parentId empty if the span is the first of its trace
    public record Span(String traceId, String id, String parentId, String name, Map<String, String> attributes) {}

    public SpanCollector() {
        try {
            server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        }
        server.createContext("/v1/traces", exchange -> {
            for (Message resource : new Message(exchange.getRequestBody().readAllBytes()).messages(1)) {
                for (Message scope : resource.messages(2)) {
                    scope.messages(2).forEach(span -> spans.add(span(span)));
                }
            }
            exchange.sendResponseHeaders(200, -1);
            exchange.close();
        });
        server.start();
    }

    public String endpoint() {
        return "http://127.0.0.1:" + server.getAddress().getPort();
    }

    public List<Span> spans() {
        return List.copyOf(spans);
    }

    @Override
    public void close() {
        server.stop(0);
    }

    private static Span span(Message span) {
        Map<String, String> attributes = new TreeMap<>();
        span.messages(9).forEach(attribute -> {
            Message value = attribute.messages(2).getFirst();
            attributes.put(attribute.text(1), value.has(1) ? value.text(1) : value.number(3));
        });
        return new Span(span.hex(1), span.hex(2), span.hex(4), span.text(5), attributes);
    }

    /// A protobuf message: its fields, in order.
    private static final class Message {

        private record Field(int number, long varint, byte[] bytes) {}

        private final List<Field> fields = new ArrayList<>();

        Message(byte[] encoded) {
            ByteBuffer buffer = ByteBuffer.wrap(encoded);
            while (buffer.hasRemaining()) {
                int tag = (int) varint(buffer);
                fields.add(switch (tag & 7) {
                    case 0 -> new Field(tag >>> 3, varint(buffer), new byte[0]);
                    case 1 -> new Field(tag >>> 3, 0, bytes(buffer, Long.BYTES));
                    case 2 -> new Field(tag >>> 3, 0, bytes(buffer, (int) varint(buffer)));
                    case 5 -> new Field(tag >>> 3, 0, bytes(buffer, Integer.BYTES));
                    default -> throw new IllegalArgumentException("no protobuf: " + Arrays.toString(encoded));
                });
            }
        }

        boolean has(int number) {
            return fields.stream().anyMatch(field -> field.number == number);
        }

        List<Message> messages(int number) {
            return all(number).stream().map(field -> new Message(field.bytes)).toList();
        }

        String text(int number) {
            return new String(all(number).getFirst().bytes, StandardCharsets.UTF_8);
        }

        String number(int number) {
            return Long.toString(all(number).getFirst().varint);
        }

        /// Empty if the field is missing.
        String hex(int number) {
            return all(number).stream().map(field -> HexFormat.of().formatHex(field.bytes)).findFirst().orElse("");
        }

        private List<Field> all(int number) {
            return fields.stream().filter(field -> field.number == number).toList();
        }

        private static byte[] bytes(ByteBuffer buffer, int length) {
            byte[] bytes = new byte[length];
            buffer.get(bytes);
            return bytes;
        }

        private static long varint(ByteBuffer buffer) {
            long value = 0;
            for (int shift = 0;; shift += 7) {
                byte next = buffer.get();
                value |= (long) (next & 0x7f) << shift;
                if (next >= 0) {
                    return value;
                }
            }
        }
    }
}
