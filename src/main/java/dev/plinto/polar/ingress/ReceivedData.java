package dev.plinto.polar.ingress;

import dev.plinto.polar.HeldData;
import dev.plinto.polar.HeldTable;
import dev.plinto.polar.HeldTopic;
import dev.plinto.polar.Topics;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.List;

/// What is held of deliveries before they are projected. The raw topic forgets by itself.
@ApplicationScoped
class ReceivedData implements HeldData {

    /// Nothing is lost that was acknowledged: rows go by themselves, into the raw topic.
    private static final String NAMES_IT = """
            EXISTS (SELECT FROM unnest(subject.customers || subject.organization) AS id
                    WHERE position(convert_to(id, 'UTF8') IN held.body) > 0)""";

    @Override
    public String room() {
        return "ingress";
    }

    @Override
    public List<HeldTable> tables() {
        return List.of(HeldTable.named("spool").orderedBy("id").rowsWhere(NAMES_IT)
                .exports("webhook_id", "received_at", "body")
                .leaves("id", "webhook_timestamp", "webhook_signature", "api_version", "traceparent"));
    }

    @Override
    public List<HeldTopic> topics() {
        return List.of(new HeldTopic(Topics.RECEIVED, true, "expires by itself after 27 days, and one of a segment"));
    }
}
