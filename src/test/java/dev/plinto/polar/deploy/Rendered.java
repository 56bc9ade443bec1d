package dev.plinto.polar.deploy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/// The objects of `k8s/` as kustomize renders them for the cluster.
public record Rendered(String name, List<JsonNode> objects) {

    private static final YAMLMapper YAML = new YAMLMapper();

    /// `staging`, `production`; with `-migration` and `-kafka` their separate steps.
    public static Rendered of(String name) {
        DeploymentCheck.ofEverything();
        return new Rendered(name, read(Path.of("target", "k8s", name + ".yaml")));
    }

    static List<JsonNode> read(Path file) {
        try (var documents = YAML.readerFor(JsonNode.class).<JsonNode>readValues(Files.readString(file))) {
            return documents.readAll().stream().filter(document -> !document.isNull()).toList();
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        }
    }

    public Stream<JsonNode> kind(String kind) {
        return objects.stream().filter(object -> object.get("kind").textValue().equals(kind));
    }

    JsonNode object(String kind, String name) {
        return kind(kind).filter(object -> named(object).equals(name)).findFirst()
                .orElseThrow(() -> new AssertionError(this.name + " has no " + kind + " " + name));
    }

    static String named(JsonNode object) {
        return object.at("/metadata/name").textValue();
    }

    /// Deployments and Jobs.
    Stream<JsonNode> workloads() {
        return objects.stream().filter(object -> object.at("/spec/template/spec/containers").isArray());
    }

    static JsonNode pod(JsonNode workload) {
        return workload.at("/spec/template");
    }

    static JsonNode container(JsonNode workload) {
        return workload.at("/spec/template/spec/containers/0");
    }

    /// Whether this selector selects pods with these labels.
    static boolean selects(JsonNode selector, JsonNode labels) {
        return selector.path("matchLabels").properties().stream()
                .allMatch(label -> label.getValue().equals(labels.get(label.getKey())))
                && selector.path("matchExpressions").valueStream().allMatch(rule -> rule.get("operator").textValue()
                        .equals("In") == strings(rule.get("values")).contains(labels.path(rule.get("key").textValue())
                                .asText()));
    }

    static List<String> strings(JsonNode array) {
        return array.valueStream().map(JsonNode::asText).toList();
    }

    static Map<String, String> texts(JsonNode object) {
        Map<String, String> texts = new HashMap<>();
        object.properties().forEach(entry -> texts.put(entry.getKey(), entry.getValue().asText()));
        return texts;
    }
}
