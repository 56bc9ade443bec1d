package dev.plinto.polar.deploy;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// A container's environment in the cluster, as Kubernetes makes it from ConfigMaps, Secrets and references to other
/// variables.
final class PodEnvironment {

    private static final Pattern REFERENCE = Pattern.compile("\\$\\(([A-Z_]+)\\)");

    /// @param secrets by `name/key`
    static Map<String, String> of(Rendered all, JsonNode workload, Map<String, String> secrets) {
        Map<String, String> environment = new LinkedHashMap<>();
        JsonNode container = Rendered.container(workload);
        container.path("envFrom").forEach(source -> environment.putAll(Rendered.texts(
                all.object("ConfigMap", source.at("/configMapRef/name").textValue()).get("data"))));
        for (JsonNode variable : container.get("env")) {
            String value = value(all, variable, secrets, environment);
            if (value != null) {
                environment.put(variable.get("name").textValue(), value);
            }
        }
        return environment;
    }

    /// Null if it is optional and missing.
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
            String key = from.at("/configMapKeyRef/key").textValue();
            JsonNode value = all.object("ConfigMap", from.at("/configMapKeyRef/name").textValue())
                    .get("data").path(key);
            if (value.isMissingNode() && !from.at("/configMapKeyRef/optional").asBoolean()) {
                throw new AssertionError("no ConfigMap has " + key);
            }
            return value.textValue();
        }
        return REFERENCE.matcher(variable.get("value").textValue()).replaceAll(
                reference -> Matcher.quoteReplacement(before.getOrDefault(reference.group(1), reference.group())));
    }

    private PodEnvironment() {}
}
