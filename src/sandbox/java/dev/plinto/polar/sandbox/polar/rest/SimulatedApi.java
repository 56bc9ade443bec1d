package dev.plinto.polar.sandbox.polar.rest;

import dev.plinto.polar.sandbox.polar.InvalidFields;
import dev.plinto.polar.sandbox.polar.Refusal;
import dev.plinto.polar.sandbox.polar.SimulatedPolar;
import dev.plinto.polar.sandbox.provider.Answer;
import dev.plinto.polar.sandbox.provider.Call;
import dev.plinto.polar.sandbox.provider.ProviderApi;
import java.util.List;
import java.util.Optional;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ConcurrentSkipListSet;

/// Polar's REST API below `/v1`, independent of the server: the checks before and the headers after each of its
/// [Operations]. A request is answered at one moment of the simulation, stated in its header `date`.
public final class SimulatedApi implements ProviderApi {

    /// The only accepted token.
    static final String ACCESS_TOKEN = "polar_oat_sandbox";

    private static final int REMEMBERED = 1_000;
    private static final String CURRENT_VERSION = "2026-10";

    private final SimulatedPolar polar;
    private final Set<String> versions = new ConcurrentSkipListSet<>(Set.of("2026-04", CURRENT_VERSION, "2027-01"));
    private final Operations operations;
    private final Scopes scopes = new Scopes();
    private final Queue<String> requests = new ConcurrentLinkedQueue<>();

    public SimulatedApi(SimulatedPolar polar) {
        this.polar = polar;
        operations = new Operations(polar, versions);
    }

    /// Retires a version, as Polar does some nine months after its release: requests that name it get 404.
    void retire(String version) {
        versions.remove(version);
    }

    /// Takes scopes from the access token.
    void withhold(Set<String> names) {
        scopes.withhold(names);
    }

    /// The newest thousand requests, oldest first.
    List<String> requests() {
        return List.copyOf(requests);
    }

    @Override
    public String prefix() {
        return "/v1";
    }

    @Override
    public Answer notFound() {
        return PolarAnswers.notFound();
    }

    @Override
    public Answer bodyTooLarge(int most) {
        return PolarAnswers.bodyTooLarge(most);
    }

    @Override
    public Answer unauthorized() {
        return PolarAnswers.invalidToken();
    }

    @Override
    public Answer answer(Call call) {
        requests.add(call.method() + " " + call.path());
        if (requests.size() > REMEMBERED) {
            requests.poll();
        }
        String version = call.header("polar-version").orElse(CURRENT_VERSION);
        return polar.exclusively(() -> {
            polar.calendar().catchUp();
            return (versions.contains(version) ? authorized(call) : PolarAnswers.notFound())
                    .at(polar.now())
                    .with("polar-version", version)
                    .with("x-polar-sandbox", "1");
        });
    }

    private Answer authorized(Call call) {
        Optional<Answer> elsewhere = operations.redirect(call).map(PolarAnswers::movedTo);
        if (elsewhere.isPresent()) {
            return elsewhere.get();
        }
        Optional<Operation> operation = operations.find(call);
        if (operation.isEmpty()) {
            return operations.refusal(call);
        }
        if (operation.get().access() == Operation.Access.ORGANIZATION
                && !call.header("authorization").equals(Optional.of("Bearer " + ACCESS_TOKEN))) {
            return unauthorized();
        }
        if (operation.get().access() == Operation.Access.ORGANIZATION && !scopes.allow(operation.get())) {
            return PolarAnswers.insufficientScope(); // before the request is read
        }
        try {
            return operation.get().answer(call);
        } catch (InvalidRequest e) {
            return e.answer();
        } catch (InvalidFields e) {
            return InvalidRequest.of(e).answer();
        } catch (Refusal e) {
            return PolarAnswers.refused(e);
        }
    }
}
