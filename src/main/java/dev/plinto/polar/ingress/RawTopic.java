package dev.plinto.polar.ingress;

import io.quarkus.logging.Log;
import io.smallrye.mutiny.Uni;
import io.smallrye.reactive.messaging.MutinyEmitter;
import io.smallrye.reactive.messaging.kafka.api.OutgoingKafkaRecordMetadata;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.Duration;
import java.util.concurrent.Semaphore;
import java.util.concurrent.atomic.AtomicLong;
import org.eclipse.microprofile.reactive.messaging.Channel;
import org.eclipse.microprofile.reactive.messaging.Message;
import org.eclipse.microprofile.reactive.messaging.OnOverflow;

/// The raw topic, as seen by whoever has an event for it: published means that the broker has it on all in-sync
/// replicas.
@ApplicationScoped
public class RawTopic {

    private final MutinyEmitter<byte[]> emitter;
    private final Semaphore inFlight;
    private final Duration timeout;
    private final AtomicLong refused = new AtomicLong();

    /// The event is not known to be durable, and the sender must try again.
    public static final class NotDurable extends RuntimeException {

        private static final long serialVersionUID = 1L;

        NotDurable(String why, Throwable cause) {
            super(why, cause, false, false);
        }
    }

    RawTopic(@Channel("received-out") @OnOverflow(OnOverflow.Strategy.UNBOUNDED_BUFFER) MutinyEmitter<byte[]> emitter,
            IngressConfig config) {
        this.emitter = emitter;
        this.inFlight = new Semaphore(config.ingress().maxInFlight());
        this.timeout = config.ingress().publishTimeout();
    }

    /// Completes when the event is durable; fails with [NotDurable] within the configured time-out.
    public Uni<Void> publish(RawEvent event) {
        if (!inFlight.tryAcquire()) {
            return Uni.createFrom().failure(new NotDurable("too many deliveries wait for the broker", null));
        }
        Message<byte[]> message = Message.of(event.body()).addMetadata(OutgoingKafkaRecordMetadata.<String>builder()
                .withKey(event.key())
                .withHeaders(event.headers())
                .build());
        Uni<Void> sent = emitter.sendMessage(message)
                .onTermination().invoke(inFlight::release) // not earlier: until then the record occupies memory
                .memoize().indefinitely(); // so that giving up on the answer does not give up on the record
        return sent
                .ifNoItem().after(timeout).failWith(() -> new NotDurable("the broker does not answer", null))
                .onFailure(failure -> !(failure instanceof NotDurable))
                .transform(failure -> new NotDurable("the broker did not take it", failure))
                .onItem().invoke(this::takenAgain)
                .onFailure().invoke(this::notTaken);
    }

    /// An outage is two lines in the log, not one for each delivery that meets it.
    private void notTaken(Throwable failure) {
        if (refused.getAndIncrement() == 0) {
            Log.warnf("Deliveries are answered 503 from now on: %s", failure.getMessage());
        }
    }

    private void takenAgain() {
        long meanwhile = refused.get();
        if (meanwhile > 0 && refused.compareAndSet(meanwhile, 0)) {
            Log.infof("The broker takes deliveries again; %d were answered 503", meanwhile);
        }
    }
}
