package dev.plinto.polar.provider;

import io.netty.channel.ConnectTimeoutException;
import io.netty.handler.codec.ByteToMessageDecoder;
import io.netty.handler.codec.DecoderException;
import io.vertx.core.VertxException;
import java.io.IOException;
import java.net.SocketException;
import java.net.UnknownHostException;
import java.util.Arrays;
import java.util.Comparator;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.TimeoutException;
import java.util.stream.Stream;
import javax.net.ssl.SSLHandshakeException;
import org.jboss.resteasy.reactive.client.handlers.ClientResponseCompleteRestHandler;

/// Why a request to a provider brought no answer that can be read: the failures of the HTTP client, and what they mean.
/// The first ones count where several are among the causes: a failed handshake of TLS also closes the connection.
public enum NoAnswer {
    UNKNOWN_HOST, TLS, CONNECT_TIMEOUT,
    /// The request was sent, and no whole answer came in time.
    TIMED_OUT, NO_CONNECTION,
    /// The request was sent, and the connection closed before the whole answer was there.
    CUT,
    /// The answer is no HTTP.
    UNREADABLE;

    private static final String OURS = "dev.plinto.";
    private static final Set<String> READERS = Set.of(ByteToMessageDecoder.class.getName(),
            ClientResponseCompleteRestHandler.class.getName());
    /// Netty's own subtypes, which are not public: the connection was not made.
    private static final String OF_CONNECTING = "io.netty.channel.AbstractChannel$Annotated";

    /// A request that was sent may have been carried out.
    public static final class Failure extends RuntimeException {

        private static final long serialVersionUID = 1L;

        private final NoAnswer why;

        Failure(NoAnswer why) {
            super(why.name(), null, false, false);
            this.why = why;
        }

        public NoAnswer why() {
            return why;
        }
    }

    /// For a message.
    public String words() {
        return name().toLowerCase(Locale.ROOT).replace('_', ' ');
    }

    /// Empty if it is a fault of this service.
    static Optional<NoAnswer> because(Throwable failure) {
        return Stream.iterate(failure, cause -> cause != null, Throwable::getCause)
                .flatMap(cause -> reason(cause).stream()).min(Comparator.naturalOrder());
    }

    /// A failure that may have happened after the request was sent counts as unanswered.
    private static Optional<NoAnswer> reason(Throwable cause) {
        return Optional.ofNullable(switch (cause) {
            case UnknownHostException unknown -> UNKNOWN_HOST;
            case SSLHandshakeException untrusted -> TLS;
            case ConnectTimeoutException late -> CONNECT_TIMEOUT;
            case TimeoutException late -> TIMED_OUT;
            case SocketException refused when refused.getClass().getName().startsWith(OF_CONNECTING) ->
                NO_CONNECTION;
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
