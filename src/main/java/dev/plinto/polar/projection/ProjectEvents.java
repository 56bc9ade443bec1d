package dev.plinto.polar.projection;

import dev.plinto.polar.telemetry.Tracing;
import io.quarkus.runtime.ShutdownEvent;
import io.smallrye.common.annotation.Blocking;
import io.smallrye.common.annotation.Identifier;
import io.smallrye.reactive.messaging.ChannelRegistry;
import io.smallrye.reactive.messaging.PausableChannel;
import jakarta.annotation.Priority;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;
import org.apache.kafka.clients.consumer.ConsumerRecords;
import org.eclipse.microprofile.context.ManagedExecutor;
import org.eclipse.microprofile.reactive.messaging.Incoming;

/// Projects the raw topics into PostgreSQL, each with a consumer group of its own, so that none waits for another's.
/// Returning acknowledges a batch, so that is only after the commit, or when the service stops: the successor reads
/// from the positions that were committed with the events.
@ApplicationScoped
public class ProjectEvents {

    private final ChannelRegistry channels;
    private final TopicProjection polar;
    private final TopicProjection conekta;

    ProjectEvents(ChannelRegistry channels, BatchProjection batches,
            @Identifier(TopicPositions.POLAR) TopicPositions ofPolar,
            @Identifier(TopicPositions.CONEKTA) TopicPositions ofConekta, EventReadings readings, RetryUntilDone retry,
            ProjectionConfig config, Tracing tracing, ManagedExecutor executor) {
        this.channels = channels;
        this.polar = new TopicProjection(batches, ofPolar, readings, retry, tracing, executor,
                config.projection().lanes());
        this.conekta = new TopicProjection(batches, ofConekta, readings, retry, tracing, executor,
                config.projection().lanes());
    }

    @Incoming(TopicPositions.POLAR)
    @Blocking
    void project(ConsumerRecords<String, byte[]> records) {
        polar.project(records);
    }

    @Incoming(TopicPositions.CONEKTA)
    @Blocking
    void projectConekta(ConsumerRecords<String, byte[]> records) {
        conekta.project(records);
    }

    /// Lets no new batch begin, and gives the current one time to end while the database is still connected.
    void stop(@Observes @Priority(2) ShutdownEvent event) throws InterruptedException {
        pause(TopicPositions.POLAR);
        pause(TopicPositions.CONEKTA);
        polar.stop();
        conekta.stop();
    }

    private void pause(String name) {
        PausableChannel channel = channels.getPausable(name);
        if (channel != null) { // null if this replica does not project
            channel.pause();
        }
    }
}
