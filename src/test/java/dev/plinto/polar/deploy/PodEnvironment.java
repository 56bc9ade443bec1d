package dev.plinto.polar.deploy;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// The environment that a container has in the cluster, as Kubernetes makes it of ConfigMaps, Secrets and what refers
/// to other variables.
final class PodEnvironment {

    private static final Pattern REFERENCE = Pattern.compile("\\$\\(([A-Z_]+)\\)");

    /// @param secrets by `name/key`
    static Map<String, String> of(Rendered all, JsonNode workload, Map<String, String> secrets) {
        Map<String, String> environment = new LinkedHashMap<>();
        JsonNode container = Rendered.container(workload);
        container.path("envFrom").forEach(source -> environment.putAll(Rendered.texts(
                all.object("ConfigMap", source.at("/configMapRef/name").textValue()).get("data"))));
        for (JsonNode variable : container.get("env")) {
            environment.put(variable.get("name").textValue(), value(all, variable, secrets, environment));
        }
        return environment;
    }

    private static String value(Rendered all, JsonNode variable, Map<String, String> secrets,
            Map<String, String> before) {
        JsonNode from = variable.path("valueFrom");
        if (from.has("secretKeyRef")) {
            String secret = from.at("/secretKeyRef/name").textValue() + "/" + from.at("/secretKeyRef/key").textValue();
            if (!secrets.containsKey(secret)) {
                throw new AssertionError("there is no Secret " + secret);
            }
            return secrets.get(secret);
        }
        if (from.has("configMapKeyRef")) {
            return all.object("ConfigMap", from.at("/configMapKeyRef/name").textValue())
                    .get("data").get(from.at("/configMapKeyRef/key").textValue()).textValue();
        }
        return REFERENCE.matcher(variable.get("value").textValue()).replaceAll(reference ->
                Matcher.quoteReplacement(before.getOrDefault(reference.group(1), reference.group())));
    }

    private PodEnvironment() {}
}
