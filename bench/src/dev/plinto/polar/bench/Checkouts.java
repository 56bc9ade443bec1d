package dev.plinto.polar.bench;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.plinto.polar.testing.Database;
import java.net.http.HttpRequest;
import java.util.ArrayList;
import java.util.List;
import java.util.function.IntFunction;
import java.util.stream.Stream;

/// Checkouts one at a time, in turn at the provider itself, at our service and at better-auth: whatever else the
/// machine does slows down all three.
record Checkouts(Side provider, Side ours, Side theirs) {

    /// What one seller answered, and how long it took, in milliseconds.
    ///
    /// @param processorMillis of the seller's process for each checkout, without what it uses when nobody calls it
    record Side(List<Double> millis, List<JsonNode> answers, double processorMillis) {

        double p50() {
            return millis.stream().sorted().skip(millis.size() / 2).findFirst().orElseThrow();
        }
    }

    /// @param request the n-th
    record Seller(long pid, IntFunction<HttpRequest> request) {}

    /// @param idleShare of a core that our process uses when nobody calls it
    static Checkouts run(int count, Seller provider, Seller ours, Seller theirs, double idleShare) {
        List<Seller> sellers = List.of(provider, ours, theirs);
        List<List<Double>> millis = List.of(new ArrayList<>(), new ArrayList<>(), new ArrayList<>());
        List<List<JsonNode>> answers = List.of(new ArrayList<>(), new ArrayList<>(), new ArrayList<>());
        List<Double> before = sellers.stream().map(seller -> ProcessorTime.seconds(seller.pid)).toList();
        long began = System.nanoTime();
        for (int n = 0; n < count; n++) {
            for (int turn = 0; turn < sellers.size(); turn++) {
                int which = (n + turn) % sellers.size(); // none always follows the same one
                HttpRequest request = sellers.get(which).request.apply(n);
                long asked = System.nanoTime();
                JsonNode answer = JsonHttp.answer(request);
                millis.get(which).add((System.nanoTime() - asked) / 1e6);
                answers.get(which).add(answer);
            }
        }
        double idle = idleShare * (System.nanoTime() - began) / 1e9;
        List<Side> sides = new ArrayList<>();
        for (int i = 0; i < sellers.size(); i++) {
            double used = ProcessorTime.seconds(sellers.get(i).pid) - before.get(i) - (i == 1 ? idle : 0);
            sides.add(new Side(millis.get(i), answers.get(i), used * 1e3 / count));
        }
        return new Checkouts(sides.get(0), sides.get(1), sides.get(2));
    }

    /// Each seller answered as many checkouts, all different ones, which Polar has for those who asked; and ours has
    /// recorded each before.
    void check(Provider polar, Database database) {
        List<String> all = Stream.of(provider, ours, theirs).flatMap(side -> side.answers.stream())
                .map(Checkouts::address).toList();
        assertThat(all).as("checkouts").doesNotHaveDuplicates();
        ours.answers.forEach(answer -> {
            String id = answer.path("checkout_id").asText();
            assertThat(polar.get("/checkouts/" + id).at("/metadata/organization_id")).as("checkout %s at Polar", id)
                    .isEqualTo(answer.path("organization_id"));
            assertThat(database.column("SELECT state FROM idempotent_requests WHERE answer::jsonb->>'checkout_id' = ?",
                    id)).as("the recorded request of %s", id).containsExactly("answered");
            assertThat(database.column("SELECT result FROM audit_log WHERE result = ?", "checkout " + id))
                    .as("the audit log's row of %s", id).hasSize(1);
        });
    }

    /// Where the buyer pays: Polar names it `url`, as better-auth does.
    private static String address(JsonNode answer) {
        return answer.path(answer.has("checkout_url") ? "checkout_url" : "url").asText();
    }
}
