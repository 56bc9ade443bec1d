package dev.plinto.polar.faults;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.plinto.polar.faults.PatientCaller.Answer;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;

/// Sends usage of two organizations, whose events have the same keys and different quantities. Some of it is sent again
/// though it was answered, as by a producer that has crashed.
///
/// @param events that each producer sends, half of them of each organization
record UsageProducer(PatientCaller caller, int events) {

    static final List<String> ORGANIZATIONS = List.of("uses-some", "uses-more");
    static final String EVENT = "api_call";

    private static final int MOST = 200; // of a request
    private static final double AGAIN = 0.1;

    List<Answer> sendAll(int producer) {
        Random random = new Random(producer);
        List<Answer> answers = new ArrayList<>();
        for (int from = 0, to; from < events / 2; from = to) {
            to = Math.min(events / 2, from + 1 + random.nextInt(MOST));
            for (String organization : ORGANIZATIONS) {
                String body = body(organization, producer, from, to);
                String name = organization + "-" + producer + "-" + from;
                answers.add(caller.post("/api/v1/polar/usage", name, body));
                if (random.nextDouble() < AGAIN) {
                    answers.add(caller.post("/api/v1/polar/usage", name, body));
                }
            }
        }
        return answers;
    }

    private static String body(String organization, int producer, int from, int to) {
        ObjectNode body = JsonNodeFactory.instance.objectNode();
        ArrayNode list = body.putArray("events");
        for (int number = from; number < to; number++) {
            list.addObject().put("organization_id", organization).put("event_name", EVENT)
                    .put("quantity", quantityOf(organization, number))
                    .put("idempotency_key", "call-" + producer + "-" + number);
        }
        return body.toString();
    }

    /// Of an organization, by that many producers.
    double quantity(String organization, int producers) {
        double quantity = 0;
        for (int number = 0; number < events / 2; number++) {
            quantity += quantityOf(organization, number);
        }
        return quantity * producers;
    }

    private static int quantityOf(String organization, int number) {
        return (number % 7 + 1) * (organization.equals(ORGANIZATIONS.getFirst()) ? 1 : 10);
    }
}
