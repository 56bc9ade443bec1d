package dev.plinto.polar.deploy;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;

/// All deployed objects are valid by the schemas of Kubernetes, KEDA, Prometheus' operator, Strimzi and Compose, and
/// these schemas detect unknown fields.
class DeploymentSchemasIT {

    @Test
    void everyObject_isValidByItsSchema() {
        Tool.Ended check = DeploymentCheck.ofEverything();

        assertThat(check.exitCode()).as(check.output()).isZero();
    }

    /// Objects with one fault each.
    @Test
    void faults_areFound() throws IOException {
        Tool.Ended check = DeploymentCheck.of(file("faulty.yaml", """
                apiVersion: apps/v1
                kind: Deployment
                metadata: {name: field-that-kubernetes-does-not-know}
                spec:
                  selector: {matchLabels: {a: b}}
                  template:
                    spec: {containers: [{name: a, image: b, livenesProbe: {httpGet: {path: /, port: 1}}}]}
                ---
                apiVersion: apps/v1
                kind: Deployment
                metadata: {name: lacks-what-is-required}
                spec: {template: {spec: {containers: [{name: a}]}}}
                ---
                apiVersion: networking.k8s.io/v1
                kind: NetworkPolicy
                metadata: {name: word-that-is-none}
                spec: {podSelector: {}, policyTypes: [Outgoing]}
                ---
                apiVersion: keda.sh/v1alpha1
                kind: ScaledObject
                metadata: {name: field-that-keda-does-not-know}
                spec: {scaleTargetRef: {name: a}, maxReplicas: 3, triggers: []}
                ---
                apiVersion: monitoring.coreos.com/v1
                kind: PrometheusRule
                metadata: {name: field-that-prometheus-does-not-know}
                spec: {groups: [{name: a, rules: [{alert: b, expr: up, four: 5m}]}]}
                ---
                apiVersion: kafka.strimzi.io/v1
                kind: KafkaUser
                metadata: {name: operation-that-strimzi-does-not-know}
                spec:
                  authorization: {type: simple, acls: [{resource: {type: topic, name: a}, operations: [Publish]}]}
                ---
                apiVersion: kafka.strimzi.io/v1
                kind: KafkaTopic
                metadata: {name: number-that-is-none}
                spec: {partitions: 0}
                """));

        assertThat(check.exitCode()).isEqualTo(1);
        assertThat(check.output().lines().map(line -> line.replaceAll("^faulty.yaml \\S+ ([a-z-]+): .*", "$1")))
                .contains("field-that-kubernetes-does-not-know", "lacks-what-is-required", "word-that-is-none",
                        "field-that-keda-does-not-know", "field-that-prometheus-does-not-know",
                        "operation-that-strimzi-does-not-know", "number-that-is-none");
        assertThat(check.output()).contains("livenesProbe", "maxReplicas", "four", "Publish");
    }

    @Test
    void faultsOfCompose_areFound() throws IOException {
        Tool.Ended check = DeploymentCheck.of(file("compose-faulty.yaml", """
                services:
                  a: {image: b, healthchek: {test: [CMD, "true"]}}
                """));

        assertThat(check.exitCode()).isEqualTo(1);
        assertThat(check.output()).contains("healthchek");
    }

    private static Path file(String name, String content) throws IOException {
        return Files.writeString(Files.createDirectories(Path.of("target", "k8s-faulty")).resolve(name), content);
    }
}
