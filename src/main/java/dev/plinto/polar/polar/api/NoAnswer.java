package dev.plinto.polar.polar.api;

import io.netty.channel.ConnectTimeoutException;
import io.netty.handler.codec.ByteToMessageDecoder;
import io.netty.handler.codec.DecoderException;
import io.vertx.core.VertxException;
import java.io.IOException;
import java.net.SocketException;
import java.net.UnknownHostException;
import java.util.Arrays;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.TimeoutException;
import java.util.stream.Stream;
import javax.net.ssl.SSLException;
import org.jboss.resteasy.reactive.client.handlers.ClientResponseCompleteRestHandler;

/// Why a request to Polar brought no answer. In the order in which a cause counts: a failed handshake of TLS also
/// closes the connection.
enum NoAnswer {
    UNKNOWN_HOST, TLS, LATE, UNREACHABLE, CUT, UNREADABLE;

    private static final String OURS = "dev.plinto.";
    private static final Set<String> READERS = Set.of(ByteToMessageDecoder.class.getName(),
            ClientResponseCompleteRestHandler.class.getName());

    /// Empty if it is a fault of this service.
    static Optional<NoAnswer> because(Throwable failure) {
        return Stream.iterate(failure, cause -> cause != null, Throwable::getCause)
                .flatMap(cause -> kind(cause).stream()).sorted().findFirst();
    }

    private static Optional<NoAnswer> kind(Throwable cause) {
        return Optional.ofNullable(switch (cause) {
            case UnknownHostException unknown -> UNKNOWN_HOST;
            case SSLException untrusted -> TLS;
            case ConnectTimeoutException late -> LATE;
            case TimeoutException late -> LATE;
            case SocketException refused -> UNREACHABLE;
            case IOException closed -> CUT;
            case VertxException closed -> CUT;
            case DecoderException notHttp -> UNREADABLE;
            case IllegalArgumentException notHttp when isOfReading(notHttp) -> UNREADABLE;
            default -> null;
        });
    }

    /// Netty and the client refuse with it what is no HTTP, such as a length that is no number.
    private static boolean isOfReading(IllegalArgumentException refused) {
        return Arrays.stream(refused.getStackTrace()).map(StackTraceElement::getClassName)
                .takeWhile(type -> !type.startsWith(OURS)).anyMatch(READERS::contains);
    }
}
