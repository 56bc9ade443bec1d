package dev.plinto.polar.ingress;

import io.smallrye.faulttolerance.api.CircuitBreakerMaintenance;
import io.smallrye.faulttolerance.api.CircuitBreakerState;
import io.smallrye.faulttolerance.api.TypedGuard;
import io.smallrye.mutiny.Uni;
import io.smallrye.reactive.messaging.MutinyEmitter;
import io.smallrye.reactive.messaging.kafka.api.OutgoingKafkaRecordMetadata;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.util.TypeLiteral;
import java.time.Duration;
import java.time.temporal.ChronoUnit;
import java.util.concurrent.Semaphore;
import java.util.stream.Stream;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.errors.RecordTooLargeException;
import org.eclipse.microprofile.faulttolerance.exceptions.CircuitBreakerOpenException;
import org.eclipse.microprofile.reactive.messaging.Channel;
import org.eclipse.microprofile.reactive.messaging.Message;
import org.eclipse.microprofile.reactive.messaging.OnOverflow;

/// The raw topic, as seen by whoever has an event for it: published means that the broker has it on all in-sync
/// replicas. When it does not take records, one a second tries whether it does, and all others fail at once.
@ApplicationScoped
public class RawTopic {

    private static final String BREAKER = "raw-topic";

    private final MutinyEmitter<byte[]> emitter;
    private final Semaphore inFlight;
    private final Duration timeout;
    private final TypedGuard<Uni<Void>> breaker;
    private volatile boolean takes = true;

    /// The event is not known to be durable, and the sender must try again.
    public static class NotDurable extends RuntimeException {

        private static final long serialVersionUID = 1L;

        public NotDurable(String why, Throwable cause) {
            super(why, cause, false, false);
        }
    }

    /// The broker is there, and does not take this one.
    public static final class Refused extends NotDurable {

        private static final long serialVersionUID = 1L;

        Refused(Throwable cause) {
            super("it is larger than the topic takes", cause);
        }
    }

    RawTopic(@Channel("received-out") @OnOverflow(OnOverflow.Strategy.UNBOUNDED_BUFFER) MutinyEmitter<byte[]> emitter,
            IngressConfig config) {
        this.emitter = emitter;
        this.inFlight = new Semaphore(config.ingress().maxInFlight());
        this.timeout = config.ingress().publishTimeout();
        this.breaker = breaker();
    }

    @SuppressWarnings("serial") // a type literal is nothing that anybody stores
    private TypedGuard<Uni<Void>> breaker() {
        return TypedGuard.create(new TypeLiteral<Uni<Void>>() {}).withDescription("raw topic")
                .withCircuitBreaker().name(BREAKER)
                .requestVolumeThreshold(5).failureRatio(0.6).skipOn(Refused.class)
                .delay(1, ChronoUnit.SECONDS)
                .onStateChange(state -> takes = state == CircuitBreakerState.CLOSED)
                .done().build();
    }

    /// False during an outage.
    public boolean takes() {
        return takes;
    }

    /// For who has seen that others can publish.
    public void takesAgain() {
        CircuitBreakerMaintenance.get().reset(BREAKER);
        takes = true;
    }

    /// Completes when the event is durable; fails with [NotDurable] within the configured time-out.
    public Uni<Void> publish(RawEvent event) {
        if (!inFlight.tryAcquire()) {
            return Uni.createFrom().failure(new NotDurable("too many events wait for Kafka", null));
        }
        return breaker.get(() -> send(event))
                .onFailure(CircuitBreakerOpenException.class).transform(notTried -> {
                    inFlight.release();
                    return new NotDurable("Kafka has not taken any for a while", null);
                });
    }

    private Uni<Void> send(RawEvent event) {
        Message<byte[]> message = Message.of(event.body()).addMetadata(OutgoingKafkaRecordMetadata.<String>builder()
                .withKey(event.key())
                .withHeaders(event.headers())
                .build());
        Uni<Void> sent = emitter.sendMessage(message)
                .onTermination().invoke(inFlight::release) // not earlier: until then the record occupies memory
                .memoize().indefinitely(); // so that giving up on the answer does not give up on the record
        return sent
                .ifNoItem().after(timeout).failWith(() -> new NotDurable("Kafka does not answer", null))
                .onFailure(failure -> !(failure instanceof NotDurable)).transform(RawTopic::notDurable);
    }

    /// What Kafka's client says is the cause, or suppressed by the connector, which tries again in the time there is.
    private static NotDurable notDurable(Throwable failure) {
        return Stream.concat(Stream.of(failure, failure.getCause()), Stream.of(failure.getSuppressed()))
                .filter(KafkaException.class::isInstance)
                .findFirst()
                .map(kafkas -> kafkas instanceof RecordTooLargeException
                        ? new Refused(kafkas)
                        : new NotDurable("Kafka did not take it: " + kafkas.getMessage(), kafkas))
                .orElseGet(() -> new NotDurable("Kafka did not take it: " + failure.getMessage(), failure));
    }
}
