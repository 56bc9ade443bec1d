package dev.plinto.polar.deploy;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/// The Secrets to which objects refer, as `name/key`. `k8s/` itself contains none.
final class Secrets {

    static Set<String> referredTo(Rendered all) {
        return all.objects().stream().flatMap(Secrets::in).collect(Collectors.toCollection(TreeSet::new));
    }

    /// The secrets that Polar issues.
    static Set<String> ofPolar(Rendered all) {
        return referredTo(all).stream().filter(secret -> secret.startsWith("polar-")).collect(Collectors.toSet());
    }

    private static Stream<String> in(JsonNode node) {
        Stream<String> here = Stream.empty();
        if (node.has("secretKeyRef")) {
            here = Stream.of(node.at("/secretKeyRef/name").asText() + "/" + node.at("/secretKeyRef/key").asText());
        } else if (node.has("secretTargetRef")) {
            here = node.get("secretTargetRef").valueStream()
                    .map(secret -> secret.get("name").asText() + "/" + secret.get("key").asText());
        } else if (node.path("secret").has("secretName")) {
            here = node.at("/secret/items").valueStream()
                    .map(item -> node.at("/secret/secretName").asText() + "/" + item.get("key").asText());
        } else if (node.has("tls")) { // of an Ingress
            here = node.get("tls").valueStream().map(tls -> tls.get("secretName").asText())
                    .flatMap(name -> Stream.of(name + "/tls.crt", name + "/tls.key"));
        }
        return Stream.concat(here, node.valueStream().flatMap(Secrets::in));
    }

    private Secrets() {}
}
