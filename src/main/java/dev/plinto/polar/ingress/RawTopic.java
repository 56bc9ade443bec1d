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
import org.jspecify.annotations.Nullable;

/// Publishes events to the raw topics; published means that all in-sync replicas have the record. While the broker
/// takes no records, a circuit breaker lets one event a second try, and all others fail at once.
@ApplicationScoped
public class RawTopic {

    private static final String BREAKER = "raw-topic";

    private final MutinyEmitter<byte[]> emitter;
    private final Semaphore inFlight;
    private final Duration timeout;
    private final TypedGuard<Uni<Void>> breaker;
    private volatile boolean available = true;

    /// The event may not be durable; the sender must retry.
    public static class NotDurable extends RuntimeException {

        private static final long serialVersionUID = 1L;

        public NotDurable(String why, @Nullable Throwable cause) {
            super(why, cause, false, false);
        }
    }

    /// The broker works, and refuses this record.
    public static final class Refused extends NotDurable {

        private static final long serialVersionUID = 1L;

        Refused(Throwable cause) {
            super("it is too large for the topic", cause);
        }
    }

    RawTopic(@Channel("received-out") @OnOverflow(OnOverflow.Strategy.UNBOUNDED_BUFFER) MutinyEmitter<byte[]> emitter,
            IngressConfig config) {
        this.emitter = emitter;
        this.inFlight = new Semaphore(config.ingress().maxInFlight());
        this.timeout = config.ingress().publishTimeout();
        this.breaker = breaker();
    }

    @SuppressWarnings("serial") // the type literal is never serialized
    private TypedGuard<Uni<Void>> breaker() {
        return TypedGuard.create(new TypeLiteral<Uni<Void>>() {}).withDescription("raw topic")
                .withCircuitBreaker().name(BREAKER)
                .requestVolumeThreshold(5).failureRatio(0.6).skipOn(Refused.class)
                .delay(1, ChronoUnit.SECONDS)
                .onStateChange(state -> available = state == CircuitBreakerState.CLOSED)
                .done().build();
    }

    /// False while the circuit breaker is open.
    public boolean isAvailable() {
        return available;
    }

    /// Closes the circuit breaker early: another replica can publish.
    public void markAvailable() {
        CircuitBreakerMaintenance.get().reset(BREAKER);
        available = true;
    }

    /// Completes when the event is durable; fails with [NotDurable] within `polar.ingress.publish-timeout`.
    public Uni<Void> publish(RawEvent event) {
        if (!inFlight.tryAcquire()) {
            return Uni.createFrom().failure(new NotDurable("too many events wait for Kafka", null));
        }
        return breaker.get(() -> send(event))
                .onFailure(CircuitBreakerOpenException.class).transform(notTried -> {
                    inFlight.release();
                    return new NotDurable("Kafka took none of the latest events", null);
                });
    }

    private Uni<Void> send(RawEvent event) {
        Message<byte[]> message = Message.of(event.body()).addMetadata(OutgoingKafkaRecordMetadata.<String>builder()
                .withTopic(event.dialect().topic())
                .withKey(event.key())
                .withHeaders(event.headers())
                .build());
        Uni<Void> sent = emitter.sendMessage(message)
                .onTermination().invoke(inFlight::release) // not at the timeout: the record occupies memory until then
                .memoize().indefinitely(); // so that the timeout does not cancel the record
        return sent
                .ifNoItem().after(timeout).failWith(() -> new NotDurable("Kafka does not answer", null))
                .onFailure(failure -> !(failure instanceof NotDurable)).transform(RawTopic::notDurable);
    }

    /// Kafka's own exception is the failure, its cause, or suppressed in it: the connector retries within its time.
    private static NotDurable notDurable(Throwable failure) {
        return Stream.concat(Stream.of(failure, failure.getCause()), Stream.of(failure.getSuppressed()))
                .filter(KafkaException.class::isInstance)
                .findFirst()
                .map(kafkaFailure -> kafkaFailure instanceof RecordTooLargeException
                        ? new Refused(kafkaFailure)
                        : new NotDurable("Kafka reports: " + kafkaFailure.getMessage(), kafkaFailure))
                .orElseGet(() -> new NotDurable("Kafka reports: " + failure.getMessage(), failure));
    }
}
