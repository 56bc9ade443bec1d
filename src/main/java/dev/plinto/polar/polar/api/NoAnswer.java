package dev.plinto.polar.polar.api;

import dev.plinto.polar.polar.api.FailureReason.Unanswered;
import dev.plinto.polar.polar.api.FailureReason.Unreachable;
import dev.plinto.polar.polar.api.FailureReason.Unreadable;
import io.netty.channel.ConnectTimeoutException;
import io.netty.handler.codec.ByteToMessageDecoder;
import io.netty.handler.codec.DecoderException;
import io.vertx.core.VertxException;
import java.io.IOException;
import java.net.SocketException;
import java.net.UnknownHostException;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.TimeoutException;
import java.util.stream.Stream;
import javax.net.ssl.SSLHandshakeException;
import org.jboss.resteasy.reactive.client.handlers.ClientResponseCompleteRestHandler;

/// Why a request to Polar brought no answer: the failures of the HTTP client, and what each means.
final class NoAnswer {

    private static final String OURS = "dev.plinto.";
    private static final Set<String> READERS = Set.of(ByteToMessageDecoder.class.getName(),
            ClientResponseCompleteRestHandler.class.getName());
    /// Netty's own subtypes, which are not public: the connection was not made.
    private static final String OF_CONNECTING = "io.netty.channel.AbstractChannel$Annotated";

    /// In the order in which a cause counts: a failed handshake of TLS also closes the connection.
    private static final List<FailureReason> ORDER = List.of(Unreachable.UNKNOWN_HOST, Unreachable.TLS,
            Unreachable.CONNECT_TIMEOUT, Unanswered.TIMED_OUT, Unreachable.NO_CONNECTION, Unanswered.CUT,
            new Unreadable());

    /// Empty if it is a fault of this service.
    static Optional<FailureReason> because(Throwable failure) {
        return Stream.iterate(failure, cause -> cause != null, Throwable::getCause)
                .flatMap(cause -> reason(cause).stream()).min(Comparator.comparingInt(ORDER::indexOf));
    }

    /// A failure that may have happened after the request was sent counts as unanswered.
    private static Optional<FailureReason> reason(Throwable cause) {
        return Optional.ofNullable(switch (cause) {
            case UnknownHostException unknown -> Unreachable.UNKNOWN_HOST;
            case SSLHandshakeException untrusted -> Unreachable.TLS;
            case ConnectTimeoutException late -> Unreachable.CONNECT_TIMEOUT;
            case TimeoutException late -> Unanswered.TIMED_OUT;
            case SocketException refused when refused.getClass().getName().startsWith(OF_CONNECTING) ->
                Unreachable.NO_CONNECTION;
            case IOException closed -> Unanswered.CUT;
            case VertxException closed -> Unanswered.CUT;
            case DecoderException notHttp -> new Unreadable();
            case IllegalArgumentException notHttp when isOfReading(notHttp) -> new Unreadable();
            default -> null;
        });
    }

    /// Netty and the client refuse with it what is no HTTP, such as a length that is no number.
    private static boolean isOfReading(IllegalArgumentException refused) {
        return Arrays.stream(refused.getStackTrace()).map(StackTraceElement::getClassName)
                .takeWhile(type -> !type.startsWith(OURS)).anyMatch(READERS::contains);
    }

    private NoAnswer() {}
}
