package dev.plinto.polar.contract;

import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import dev.plinto.polar.testing.ApiDocument;
import dev.plinto.polar.testing.OpenApi;
import jakarta.ws.rs.HttpMethod;
import jakarta.ws.rs.Path;
import java.lang.reflect.Method;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/// The operations in the code are those of `api/openapi.yaml`.
class DocumentedEndpointsTest {

    private static final String ROOT = "dev.plinto.polar";
    private static final List<JavaClass> PRODUCTION = new ClassFileImporter()
            .withImportOption(ImportOption.Predefined.DO_NOT_INCLUDE_TESTS)
            .importPackages(ROOT).stream()
            .filter(type -> !type.getPackageName().startsWith(ROOT + ".sandbox"))
            .toList();

    /// Answered by Quarkus.
    private static final Set<String> OF_QUARKUS = Set.of("GET /q/health/live", "GET /q/health/ready",
            "GET /q/health/started", "GET /q/metrics");

    @Test
    void everyEndpoint_isInTheDocument_andNoOther() {
        Set<String> documented = new OpenApi().operations();

        assertThat(documented).containsAll(OF_QUARKUS);
        documented.removeAll(OF_QUARKUS);
        assertThat(documented).isEqualTo(endpoints());
    }

    /// No endpoint escapes this test.
    @Test
    void everyEndpoint_isAMethodWithAPath() {
        assertThat(PRODUCTION.stream().filter(type -> type.getDirectDependenciesFromSelf().stream()
                .anyMatch(use -> use.getTargetClass().getPackageName().startsWith("io.vertx.ext.web")))
                .map(JavaClass::getSimpleName))
                .as("they filter requests")
                .containsExactlyInAnyOrder("RefuseLargeBodies", "RefuseWithoutHost", "ReadOnlyPaths", "GuardConsole");
    }

    @Test
    void schemasInBothDocuments_areEqual() {
        var inOne = ApiDocument.openapi().at("/components/schemas");
        var inTheOther = ApiDocument.asyncapi().at("/components/schemas");

        assertThat(inTheOther.properties()).filteredOn(schema -> inOne.has(schema.getKey())).hasSizeGreaterThan(2)
                .allSatisfy(schema -> assertThat(inOne.get(schema.getKey())).isEqualTo(schema.getValue()));
    }

    private static Set<String> endpoints() {
        return PRODUCTION.stream().filter(type -> type.isAnnotatedWith(Path.class))
                .filter(type -> !type.getAnnotationOfType(Path.class).value().startsWith("/ops")) // console pages
                .map(JavaClass::reflect)
                .flatMap(type -> Arrays.stream(type.getDeclaredMethods()).flatMap(method -> endpoint(type, method)))
                .collect(Collectors.toCollection(TreeSet::new));
    }

    /// `GET /path`; empty if the method is no endpoint.
    private static Stream<String> endpoint(Class<?> type, Method method) {
        String path = Stream.of(type.getAnnotation(Path.class), method.getAnnotation(Path.class))
                .map(part -> part == null ? "" : part.value().replaceFirst("^/?", "/"))
                .collect(Collectors.joining());
        return Arrays.stream(method.getAnnotations())
                .map(annotation -> annotation.annotationType().getAnnotation(HttpMethod.class))
                .flatMap(Stream::ofNullable)
                .map(verb -> verb.value() + " " + path);
    }
}
