package dev.plinto.polar;

import jakarta.ws.rs.BeanParam;
import jakarta.ws.rs.QueryParam;
import jakarta.ws.rs.container.ContainerRequestContext;
import jakarta.ws.rs.container.ResourceInfo;
import java.lang.reflect.AnnotatedElement;
import java.lang.reflect.Method;
import java.util.Arrays;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.jboss.resteasy.reactive.RestQuery;
import org.jboss.resteasy.reactive.server.ServerRequestFilter;

/// Refuses a query with a parameter that the call does not declare, that has no value, or that is there more often than
/// declared. A typo would otherwise select everything, or start a run that was to be a dry one.
final class KnownParameters {

    /// Links to the console may be from another release, and a provider delivers to whatever address it was given.
    /// OAuth wants unknown parameters ignored (RFC 6749, 3.1): on a laptop this service is an OpenID provider, too.
    private static final Pattern TOLERANT = Pattern
            .compile("/(ops|q)(/.*)?|/api/v1/[a-z]+/webhooks/?|/sandbox/plinto/oauth/.*");

    private final Map<Method, List<Parameter>> declared = new ConcurrentHashMap<>();

    private record Parameter(String name, boolean repeatable) {}

    /// After the filters that check who calls.
    @ServerRequestFilter
    void check(ContainerRequestContext request, ResourceInfo resource) {
        if (TOLERANT.matcher(request.getUriInfo().getPath()).matches()) {
            return;
        }
        List<Parameter> known = declared.computeIfAbsent(resource.getResourceMethod(),
                method -> Stream.of(method.getParameters())
                        .flatMap(parameter -> parameters(parameter, parameter.getName(), parameter.getType()))
                        .toList());
        request.getUriInfo().getQueryParameters().forEach((name, values) -> check(name, values, known));
    }

    private static void check(String name, List<String> values, List<Parameter> known) {
        Optional<Parameter> parameter = known.stream().filter(one -> one.name.equals(name)).findFirst();
        if (parameter.isEmpty()) {
            throw Problem.parameterUnknown(name, known.stream().map(Parameter::name).toList()).exception();
        }
        if (values.stream().anyMatch(String::isBlank)) { // from a script whose variable was empty
            throw Problem.parameterEmpty(name).exception();
        }
        if (values.size() > 1 && !parameter.get().repeatable) {
            throw Problem.parameterRepeated(name).exception();
        }
    }

    private static Stream<Parameter> parameters(AnnotatedElement declaration, String ownName, Class<?> type) {
        boolean repeatable = Collection.class.isAssignableFrom(type) || type.isArray();
        QueryParam query = declaration.getAnnotation(QueryParam.class);
        RestQuery rest = declaration.getAnnotation(RestQuery.class);
        if (query != null) {
            return Stream.of(new Parameter(query.value(), repeatable));
        }
        if (rest != null) {
            return Stream.of(new Parameter(rest.value().isEmpty() ? ownName : rest.value(), repeatable));
        }
        return declaration.isAnnotationPresent(BeanParam.class)
                ? Arrays.stream(type.getDeclaredFields())
                        .flatMap(field -> parameters(field, field.getName(), field.getType()))
                : Stream.empty();
    }
}
