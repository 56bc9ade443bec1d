package dev.plinto.polar.ingress;

import static dev.plinto.polar.postgres.Answers.await;

import dev.plinto.polar.DataSubject;
import dev.plinto.polar.ErasureStep;
import dev.plinto.polar.HeldData;
import dev.plinto.polar.HeldTable;
import dev.plinto.polar.HeldTopic;
import dev.plinto.polar.Topics;
import dev.plinto.polar.postgres.Statements;
import io.vertx.sqlclient.Pool;
import io.vertx.sqlclient.Tuple;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/// What is held of deliveries before they are projected. The raw topics forget by themselves.
@ApplicationScoped
class ReceivedData implements HeldData {

    /// Nothing is lost that was acknowledged: rows go by themselves, into their raw topic.
    private static final String NAMES_IT = """
            (EXISTS (SELECT FROM unnest(subject.customers) AS id WHERE %s) OR %s)"""
            .formatted(HeldTable.bodyNames("id"), HeldTable.bodyNamesOrganization("subject.organization"));

    private final ErasureStep drained;

    ReceivedData(Pool pool) {
        drained = new AwaitDrainedSpool(pool);
    }

    @Override
    public String room() {
        return "ingress";
    }

    @Override
    public List<HeldTable> tables() {
        return List.of(HeldTable.named("spooled").orderedBy("id").rowsWhere(NAMES_IT)
                .exports("webhook_id", "received_at", "body")
                .leaves("id", "provider", "webhook_timestamp", "webhook_signature", "api_version", "traceparent"));
    }

    @Override
    public List<HeldTopic> topics() {
        return Stream.of(Topics.RECEIVED, Topics.CONEKTA_RECEIVED)
                .map(name -> new HeldTopic(name, true, "expires by itself after 27 days, and one of a segment"))
                .toList();
    }

    @Override
    public List<ErasureStep> stepsAfter() {
        return List.of(drained);
    }

    /// Waits until no delivery is left that the broker has not taken.
    private record AwaitDrainedSpool(Pool pool) implements ErasureStep {

        private static final String LEFT = """
                SELECT EXISTS (
                  SELECT FROM spooled AS held,
                    (SELECT $1::text AS organization, $2::text[] AS customers) AS subject
                  WHERE %s)
                """.formatted(NAMES_IT);

        @Override
        public String name() {
            return "spool";
        }

        @Override
        public Optional<String> take(DataSubject subject) {
            boolean isLeft = await(Statements.execute(pool, LEFT, Tuple.of(subject.organization())
                    .addArrayOfString(subject.customers().toArray(String[]::new)))).iterator().next().getBoolean(0);
            return isLeft ? Optional.empty() : Optional.of("nothing is left in it");
        }
    }
}
