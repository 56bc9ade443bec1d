package dev.plinto.polar.sandbox.polar.rest;

import com.fasterxml.jackson.databind.JsonNode;
import dev.plinto.polar.sandbox.polar.SimulatedPolar;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// Polar's resources: the [lists][Collection] and their objects, of which webhook endpoints can be changed. It is asked
/// for [ServedOperations] only.
final class Resources {

    private static final Pattern SECRET = Pattern.compile("/webhooks/endpoints/([^/]+)/secret");
    private static final Pattern REDELIVERY = Pattern.compile("/webhooks/events/([^/]+)/redeliver");

    private final SimulatedPolar polar;
    private final EndpointChanges changes;

    Resources(SimulatedPolar polar, Set<String> versions) {
        this.polar = polar;
        changes = new EndpointChanges(polar.webhooks(), versions);
    }

    /// @throws InvalidRequest if Polar would refuse a parameter or the body, or the simulation would ignore a parameter
    Answer answer(Call call) {
        Optional<Collection> list = Collection.ALL.stream()
                .filter(collection -> collection.path().equals(call.path()))
                .findFirst();
        if (list.isPresent() && call.method().equals("GET")) {
            return Answer.ok(list.get().page(polar.records(), call));
        }
        refuseParameters(call);
        if (list.isPresent()) {
            return Answer.created(endpoint(changes.create(call.body())));
        }
        return Collection.ALL.stream()
                .filter(Collection::singles)
                .filter(collection -> collection.hasSingle(call.path()))
                .findFirst()
                .map(collection -> single(collection, call))
                .orElseGet(() -> action(call));
    }

    private static void refuseParameters(Call call) {
        call.query().keySet().stream().findFirst().ifPresent(parameter -> {
            throw InvalidRequest.unknownParameter(parameter, call);
        });
    }

    private Answer single(Collection collection, Call call) {
        UUID id = id(call.path().substring(collection.singlePath().length()));
        Optional<? extends JsonNode> found = collection.single(polar.records(), id);
        if (found.isEmpty()) {
            return Answer.resourceNotFound();
        }
        return switch (call.method()) {
            case "PATCH" -> {
                changes.update(id, call.body());
                yield Answer.ok(endpoint(id));
            }
            case "DELETE" -> {
                polar.webhooks().deleteEndpoint(id);
                yield Answer.nothing();
            }
            default -> Answer.ok(found.get());
        };
    }

    private Answer action(Call call) {
        Matcher redelivery = REDELIVERY.matcher(call.path());
        if (redelivery.matches()) {
            UUID event = id(redelivery.group(1));
            if (!polar.eventLog().contains(event)) {
                return Answer.resourceNotFound();
            }
            polar.eventLog().redeliver(event);
            return Answer.accepted();
        }
        Matcher secret = SECRET.matcher(call.path());
        if (secret.matches()) {
            UUID endpoint = id(secret.group(1));
            if (!polar.webhooks().endpoints().contains(endpoint)) {
                return Answer.resourceNotFound();
            }
            polar.webhooks().resetSecret(endpoint);
            return Answer.ok(endpoint(endpoint));
        }
        throw new IllegalStateException("this operation is not served: " + call.method() + " " + call.path());
    }

    private JsonNode endpoint(UUID id) {
        return polar.records().endpoints()
                .filter(listed -> listed.id().equals(id))
                .findFirst().orElseThrow()
                .json().get();
    }

    private static UUID id(String name) {
        try {
            return UUID.fromString(name);
        } catch (IllegalArgumentException e) {
            throw InvalidRequest.path(name);
        }
    }
}
