package dev.plinto.polar.testing;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.Locale;

/// A raw HTTP connection, for requests that no client library sends: wrong lengths, endless bodies, half requests.
public final class RawConnection implements AutoCloseable {

    private static final int PATIENCE_MILLIS = 10_000;

    private final Socket socket;

    public RawConnection(URI endpoint) throws IOException {
        socket = new Socket(endpoint.getHost(), endpoint.getPort());
        socket.setSoTimeout(PATIENCE_MILLIS);
    }

    public RawConnection send(String text) throws IOException {
        return send(text.getBytes(StandardCharsets.ISO_8859_1));
    }

    public RawConnection send(byte[] bytes) throws IOException {
        socket.getOutputStream().write(bytes);
        socket.getOutputStream().flush();
        return this;
    }

    /// The first bytes of these.
    public RawConnection send(byte[] bytes, int length) throws IOException {
        socket.getOutputStream().write(bytes, 0, length);
        return this;
    }

    public RawConnection sendChunk(byte[] bytes) throws IOException {
        return send(Integer.toHexString(bytes.length) + "\r\n").send(bytes).send("\r\n");
    }

    /// The next answer as text: status line, headers and body.
    public String answer() throws IOException {
        InputStream in = socket.getInputStream();
        var answer = new ByteArrayOutputStream();
        while (!endsHead(answer)) {
            read(in, answer);
        }
        String head = answer.toString(StandardCharsets.ISO_8859_1);
        int length = head.toLowerCase(Locale.ROOT).lines()
                .filter(line -> line.startsWith("content-length:"))
                .mapToInt(line -> Integer.parseInt(line.substring(15).strip()))
                .findFirst().orElse(0);
        return head + new String(in.readNBytes(length), StandardCharsets.UTF_8);
    }

    /// Whether the server closes the connection without sending more.
    public boolean isClosedByServer() throws IOException {
        try {
            return socket.getInputStream().read() < 0;
        } catch (IOException reset) {
            return !(reset instanceof SocketTimeoutException);
        }
    }

    /// Returns when the server closes the connection, however long that takes.
    public void awaitClose() throws IOException {
        socket.setSoTimeout(0);
        socket.getInputStream().transferTo(OutputStream.nullOutputStream());
    }

    private static void read(InputStream in, ByteArrayOutputStream answer) throws IOException {
        int octet = in.read();
        if (octet < 0) {
            throw new IOException("the connection ended after: " + answer.toString(StandardCharsets.ISO_8859_1));
        }
        answer.write(octet);
    }

    private static boolean endsHead(ByteArrayOutputStream answer) {
        return answer.toString(StandardCharsets.ISO_8859_1).endsWith("\r\n\r\n");
    }

    @Override
    public void close() throws IOException {
        socket.close();
    }
}
