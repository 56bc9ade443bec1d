package dev.plinto.polar.sandbox.conekta.rest;

import dev.plinto.polar.sandbox.conekta.Refusal;
import dev.plinto.polar.sandbox.conekta.SimulatedConekta;
import dev.plinto.polar.sandbox.provider.Answer;
import dev.plinto.polar.sandbox.provider.Call;
import dev.plinto.polar.sandbox.provider.ProviderApi;
import java.util.List;
import java.util.Optional;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicLong;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/// Conekta's REST API, independent of the server: the checks before each [operation][Operation], and its errors. The
/// header `accept` names the version, of 2.1.0, 2.2.0 and 2.3.0. What is due happens before a request is answered.
public final class ConektaApi implements ProviderApi {

    /// The only accepted key.
    public static final String PRIVATE_KEY = "key_sandbox";

    private static final int REMEMBERED = 1_000;
    private static final Pattern ACCEPT = Pattern.compile("application/vnd\\.conekta-(v2\\.[123]\\.0)\\+json");

    private final SimulatedConekta conekta;
    private final List<Operation> operations;
    private final AtomicLong errors = new AtomicLong();
    private final Queue<String> requests = new ConcurrentLinkedQueue<>();

    public ConektaApi(SimulatedConekta conekta) {
        this.conekta = conekta;
        operations = Stream.of(
                new CustomerOperations(conekta).all(),
                new PlanOperations(conekta).all(),
                new OrderOperations(conekta).all(),
                new SubscriptionOperations(conekta).all(),
                new WebhookOperations(conekta).all(),
                new EventOperations(conekta).all())
                .flatMap(List::stream).toList();
    }

    @Override
    public String prefix() {
        return "";
    }

    @Override
    public Answer notFound() {
        return refused(Refusal.unknown("at this path"));
    }

    @Override
    public Answer bodyTooLarge(int most) {
        return refused(Refusal.invalid(null, "The body of a request has at most " + most + " bytes."));
    }

    @Override
    public Answer unauthorized() {
        return refused(Refusal.unauthorized());
    }

    /// The newest thousand requests, oldest first.
    List<String> requests() {
        return List.copyOf(requests);
    }

    @Override
    public Answer answer(Call call) {
        requests.add(call.method() + " " + call.path());
        if (requests.size() > REMEMBERED) {
            requests.poll();
        }
        Matcher version = ACCEPT.matcher(call.header("accept").orElse(""));
        if (!version.matches()) {
            return refused(Refusal.invalid(
                    "accept", "accept is application/vnd.conekta-v2.3.0+json, or of version 2.1.0 or 2.2.0"));
        }
        return conekta.exclusively(() -> {
            conekta.calendar().catchUp();
            return authorized(call)
                    .at(conekta.now())
                    .with("Conekta-Media-Type", "conekta-" + version.group(1) + "; format=application/json");
        });
    }

    private Answer authorized(Call call) {
        if (!call.header("authorization").equals(Optional.of("Bearer " + PRIVATE_KEY))) {
            return unauthorized();
        }
        Optional<Operation> found = operations.stream().filter(operation -> operation.is(call)).findFirst();
        if (found.isEmpty()) {
            return notFound();
        }
        try {
            return found.get().answer(call);
        } catch (Refusal e) {
            return refused(e);
        }
    }

    private Answer refused(Refusal refusal) {
        return ErrorAnswer.of(refusal, String.format("%024x", errors.incrementAndGet()));
    }
}
