package dev.plinto.polar.deploy;

import static dev.plinto.polar.deploy.Rendered.container;
import static dev.plinto.polar.deploy.Rendered.named;
import static dev.plinto.polar.deploy.Rendered.pod;
import static dev.plinto.polar.deploy.Rendered.selects;
import static dev.plinto.polar.deploy.Rendered.strings;
import static dev.plinto.polar.deploy.Rendered.texts;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.plinto.polar.Role;
import dev.plinto.polar.Topics;
import dev.plinto.polar.testing.OpenApi;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// What schemas cannot check in `k8s/`: the objects fit the application, each other, and the rights of an environment.
class ClusterIT {

    private static final Pattern LINK = Pattern.compile("(?:href|src)=\"(/[^\"]*)\"");

    @ParameterizedTest
    @ValueSource(strings = {"staging", "production", "staging-migration", "production-migration"})
    void everySetting_isKnownToTheApplication(String name) {
        for (JsonNode workload : Rendered.of(name).workloads().toList()) {
            Set<String> onlyForOthers = new HashSet<>();
            List<JsonNode> variables = container(workload).get("env").valueStream().toList();
            for (JsonNode variable : variables) { // $(NAME) refers to earlier variables
                onlyForOthers.stream().filter(other -> variable.path("value").asText().contains("$(" + other + ")"))
                        .findFirst().ifPresent(onlyForOthers::remove);
                if (!KnownSettings.knows(variable.get("name").textValue())) {
                    onlyForOthers.add(variable.get("name").textValue());
                }
            }
            assertThat(onlyForOthers).as("settings of " + named(workload)).isEmpty();
        }
        Rendered all = Rendered.of(name);
        all.workloads().flatMap(workload -> container(workload).path("envFrom").valueStream())
                .forEach(source -> assertThat(
                        texts(all.object("ConfigMap", source.at("/configMapRef/name").textValue()).get("data")))
                        .allSatisfy((setting, value) -> assertThat(KnownSettings.knows(setting)).as(setting).isTrue()));
    }

    @ParameterizedTest
    @ValueSource(strings = {"staging", "production"})
    void eachRole_isADeploymentOfItsOwn(String name) {
        Map<String, Set<Role>> roles = Rendered.of(name).kind("Deployment").collect(Collectors.toMap(
                deployment -> named(deployment).replace("plinto-polar-", ""),
                deployment -> Role.parse(value(deployment, "POLAR_ROLES"))));

        assertThat(roles.remove("reconcile")).containsExactlyInAnyOrder(Role.RECONCILE, Role.API); // for dry runs
        assertThat(roles).isEqualTo(Arrays.stream(Role.values()).filter(role -> role != Role.RECONCILE)
                .collect(Collectors.toMap(Role::toString, Set::of)));
    }

    @ParameterizedTest
    @ValueSource(strings = {"staging", "production", "staging-migration", "production-migration"})
    void noContainer_mayDoMoreThanItNeeds(String name) {
        assertThat(Rendered.of(name).workloads()).isNotEmpty().allSatisfy(workload -> {
            JsonNode spec = pod(workload).get("spec");
            assertThat(spec.at("/securityContext/runAsNonRoot").asBoolean()).isTrue();
            assertThat(spec.at("/securityContext/seccompProfile/type").asText()).isEqualTo("RuntimeDefault");
            assertThat(spec.get("automountServiceAccountToken").booleanValue()).isFalse();
            assertThat(spec.get("enableServiceLinks").booleanValue()).isFalse();
            assertThat(spec.path("containers")).hasSize(1);
            JsonNode allowed = container(workload).get("securityContext");
            assertThat(allowed.get("readOnlyRootFilesystem").booleanValue()).isTrue();
            assertThat(allowed.get("allowPrivilegeEscalation").booleanValue()).isFalse();
            assertThat(strings(allowed.at("/capabilities/drop"))).containsExactly("ALL");
            assertThat(container(workload).at("/volumeMounts/0/mountPath").asText()).isEqualTo("/tmp");
        });
    }

    /// Every reference by name resolves to an object.
    @ParameterizedTest
    @ValueSource(strings = {"staging", "production"})
    void everyReference_resolves(String name) {
        Rendered all = Rendered.of(name);
        List<JsonNode> pods = all.kind("Deployment").map(Rendered::pod).toList();
        Set<String> maps = names(all.kind("ConfigMap"));
        all.kind("Deployment").forEach(deployment -> {
            assertThat(maps).containsAll(container(deployment).get("envFrom").valueStream()
                    .map(source -> source.at("/configMapRef/name").textValue()).toList());
            assertThat(names(all.kind("ServiceAccount")))
                    .contains(pod(deployment).at("/spec/serviceAccountName").textValue());
            assertThat(selects(deployment.at("/spec/selector"), pod(deployment).at("/metadata/labels"))).isTrue();
            Stream.of("startupProbe", "livenessProbe", "readinessProbe")
                    .forEach(probe -> assertThat(container(deployment).at("/" + probe + "/httpGet/port").asText())
                            .isEqualTo("http"));
            assertThat(container(deployment).at("/ports/0/name").asText()).isEqualTo("http");
        });
        Stream.of("HorizontalPodAutoscaler", "ScaledObject").flatMap(all::kind).forEach(
                scaler -> assertThat(all.object("Deployment", scaler.at("/spec/scaleTargetRef/name").textValue())
                        .at("/spec/replicas").isMissingNode()).as("replicas beside " + named(scaler)).isTrue());
        assertThat(all.kind("PodDisruptionBudget")).hasSameSizeAs(pods)
                .allSatisfy(budget -> assertThat(pods)
                        .filteredOn(pod -> selects(budget.at("/spec/selector"), pod.at("/metadata/labels")))
                        .hasSize(1));
        all.kind("NetworkPolicy").forEach(policy -> assertThat(pods).as(named(policy))
                .anyMatch(pod -> selects(policy.at("/spec/podSelector"), pod.at("/metadata/labels"))));
        all.kind("Service")
                .forEach(service -> assertThat(pods).as(named(service))
                        .anyMatch(pod -> texts(pod.at("/metadata/labels")).entrySet()
                                .containsAll(texts(service.at("/spec/selector")).entrySet())));
        JsonNode monitor = all.object("ServiceMonitor", "plinto-polar");
        assertThat(all.kind("Service")
                .filter(service -> selects(monitor.at("/spec/selector"), service.at("/metadata/labels"))))
                .singleElement().satisfies(service -> assertThat(service.at("/spec/ports/0/name"))
                        .isEqualTo(monitor.at("/spec/endpoints/0/port")));
        JsonNode deliveries = all.object("Ingress", "plinto-polar-ingress").at("/spec/rules/0/http/paths/0");
        assertThat(all.object("Service", deliveries.at("/backend/service/name").textValue())
                .at("/spec/selector/app.kubernetes.io~1component").asText()).isEqualTo("ingress");
        JsonNode trigger = all.object("ScaledObject", "plinto-polar-projection").at("/spec/triggers/0");
        JsonNode login = all.object("TriggerAuthentication", trigger.at("/authenticationRef/name").textValue());
        assertThat(maps).contains(login.at("/spec/configMapTargetRef/0/name").textValue());
    }

    /// All traffic is denied except what a policy names.
    @ParameterizedTest
    @ValueSource(strings = {"staging", "production"})
    void trafficWithoutPolicy_isDenied(String name) {
        Rendered all = Rendered.of(name);
        JsonNode denied = all.object("NetworkPolicy", "plinto-polar-nothing-else").get("spec");

        assertThat(strings(denied.get("policyTypes"))).containsExactlyInAnyOrder("Ingress", "Egress");
        assertThat(denied.has("ingress") || denied.has("egress")).isFalse();
        assertThat(all.kind("Deployment").map(Rendered::pod))
                .allMatch(pod -> selects(denied.get("podSelector"), pod.at("/metadata/labels")));
        assertThat(all.kind("NetworkPolicy").flatMap(policy -> Stream.of("ingress", "egress")
                .flatMap(direction -> policy.at("/spec/" + direction).valueStream())))
                .allMatch(rule -> rule.has("ports") && (rule.has("from") || rule.has("to")), "names peers and ports");
    }

    /// Polar is configured with the served address, and no proxy redirects or refuses deliveries before they reach the
    /// service.
    @ParameterizedTest
    @ValueSource(strings = {"staging", "production"})
    void deliveries_areServedAtTheAddressThatPolarIsGiven(String name) {
        Rendered all = Rendered.of(name);
        JsonNode ingress = all.object("Ingress", "plinto-polar-ingress");
        URI given = URI.create(settings(all).get("POLAR_WEBHOOK_URL"));

        assertThat(new OpenApi().operations()).contains("POST " + given.getPath());
        assertThat(given.getScheme()).isEqualTo("https");
        assertThat(ingress.at("/spec/rules/0/host").textValue()).isEqualTo(given.getHost());
        assertThat(strings(ingress.at("/spec/tls/0/hosts"))).containsExactly(given.getHost());
        assertThat(ingress.at("/spec/rules/0/http/paths/0/path").textValue()).isEqualTo(given.getPath());
        assertThat(ingress.at("/spec/rules/0/http/paths/0/pathType").textValue()).isEqualTo("Exact");
        assertThat(texts(ingress.at("/metadata/annotations")))
                .containsEntry("nginx.ingress.kubernetes.io/ssl-redirect", "false")
                .containsEntry("nginx.ingress.kubernetes.io/force-ssl-redirect", "false")
                .containsEntry("nginx.ingress.kubernetes.io/proxy-body-size", "2m"); // POLAR_WEBHOOK_MAX_BODY: <= 1984K
    }

    /// Pages and static files are served by replicas with sign-in and all roles that the console needs.
    @ParameterizedTest
    @ValueSource(strings = {"staging", "production"})
    void console_isServedByReplicasWithAllItsRoles(String name) throws IOException {
        Rendered all = Rendered.of(name);
        JsonNode ingress = all.kind("Ingress").filter(any -> any.at("/spec/rules/0/http/paths").valueStream()
                .anyMatch(path -> path.get("path").asText().equals("/ops"))).findFirst().orElseThrow();
        List<JsonNode> paths = ingress.at("/spec/rules/0/http/paths").valueStream().toList();

        assertThat(LINK.matcher(Files.readString(Path.of("src/main/resources/templates/ops/base.html"))).results()
                .map(link -> link.group(1))).hasSizeGreaterThan(3).allMatch(link -> paths.stream()
                        .anyMatch(path -> (link + "/").startsWith(path.get("path").asText() + "/")), "is routed");
        assertThat(paths).allSatisfy(path -> {
            assertThat(path.get("pathType").textValue()).isEqualTo("Prefix");
            JsonNode service = all.object("Service", path.at("/backend/service/name").textValue());
            assertThat(all.kind("Deployment").filter(deployment -> texts(pod(deployment).at("/metadata/labels"))
                    .entrySet().containsAll(texts(service.at("/spec/selector")).entrySet()))).singleElement()
                    .satisfies(deployment -> {
                        assertThat(Role.parse(value(deployment, "POLAR_ROLES"))).contains(Role.API, Role.RECONCILE);
                        assertThat(container(deployment).get("envFrom").valueStream()
                                .map(source -> source.at("/configMapRef/name").textValue())
                                .flatMap(map -> texts(all.object("ConfigMap", map).get("data")).keySet().stream()))
                                .contains("QUARKUS_OIDC_AUTH_SERVER_URL");
                    });
        });
    }

    /// The age of the backlog is measured by reading its oldest record, and the console lists the projecting replicas.
    @ParameterizedTest
    @ValueSource(strings = {"staging", "production"})
    void rolesThatMeasureTheBacklog_mayReadIt(String name) {
        Map<String, Set<String>> rights = Rendered.of(name + "-kafka").kind("KafkaUser").collect(Collectors.toMap(
                Rendered::named, user -> KafkaResources.rights(user).stream()
                        .map(right -> right.entry().operation() + " " + right.pattern().name())
                        .collect(Collectors.toSet())));

        Stream.of("projection", "reconcile")
                .forEach(role -> assertThat(rights.get("plinto-polar-" + role)).contains("READ " + Topics.RECEIVED));
        assertThat(rights.get("plinto-polar-reconcile")).contains("DESCRIBE plinto-polar-projection");
    }

    /// Staging uses Polar's sandbox and production uses Polar, with no shared setting that could be mistaken.
    @Test
    void environments_shareNoSettingsOrSecrets() {
        Rendered staging = Rendered.of("staging");
        Rendered production = Rendered.of("production");
        Map<String, String> theirs = settings(staging);

        assertThat(theirs).containsEntry("POLAR_SANDBOX", "true");
        assertThat(settings(production)).containsEntry("POLAR_SANDBOX", "false");
        settings(production).forEach((setting, value) -> {
            if (!setting.equals("PLINTO_JWT_AUDIENCE")) {
                assertThat(theirs.get(setting)).as(setting).isNotNull().isNotEqualTo(value);
            }
        });
        assertThat(Collections.disjoint(Secrets.ofPolar(staging), Secrets.ofPolar(production))).isTrue();
        assertThat(namespaces("staging")).doesNotContainAnyElementsOf(namespaces("production"));
    }

    private static Set<String> namespaces(String environment) {
        Set<String> namespaces = Stream.of("", "-migration", "-kafka").map(part -> Rendered.of(environment + part))
                .flatMap(part -> part.objects().stream())
                .map(object -> object.at("/metadata/namespace").asText()).collect(Collectors.toSet());
        namespaces.remove("");
        assertThat(namespaces).hasSize(2);
        return namespaces;
    }

    private static Map<String, String> settings(Rendered all) {
        JsonNode ingress = container(all.object("Deployment", "plinto-polar-ingress"));
        return texts(all.object("ConfigMap", ingress.at("/envFrom/0/configMapRef/name").textValue()).get("data"));
    }

    private static String value(JsonNode workload, String variable) {
        return container(workload).get("env").valueStream()
                .filter(entry -> entry.get("name").textValue().equals(variable)).findFirst().orElseThrow()
                .get("value").textValue();
    }

    private static Set<String> names(Stream<JsonNode> objects) {
        return objects.map(Rendered::named).collect(Collectors.toSet());
    }
}
