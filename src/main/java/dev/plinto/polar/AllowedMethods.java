package dev.plinto.polar;

import io.vertx.core.http.HttpServerRequest;
import jakarta.enterprise.inject.Any;
import jakarta.enterprise.inject.spi.BeanManager;
import jakarta.ws.rs.HttpMethod;
import jakarta.ws.rs.NotAllowedException;
import jakarta.ws.rs.NotFoundException;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Priorities;
import jakarta.ws.rs.container.ContainerRequestContext;
import jakarta.ws.rs.core.HttpHeaders;
import jakarta.ws.rs.core.Response;
import java.lang.reflect.Method;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jboss.resteasy.reactive.server.ServerRequestFilter;
import org.jspecify.annotations.Nullable;

/// Answers a method that a path does not have with 405 and `Allow` (RFC 9110), and `OPTIONS` with the methods of the
/// path. The framework would send no `Allow`, and name the methods of all paths of a class, also for a path that does
/// not exist. There is no CORS: browsers call this service from its own console only.
final class AllowedMethods {

    private static final int AFTER_ROLES = Priorities.USER + 1;

    private final List<Endpoint> endpoints;
    /// Calls of paths without a parameter, as deliveries are: for these no pattern is matched.
    private final Set<String> plainCalls;

    private record Endpoint(Pattern path, String method, @Nullable String plainPath) {}

    AllowedMethods(BeanManager beans) {
        endpoints = beans.getBeans(Object.class, Any.Literal.INSTANCE).stream()
                .<Class<?>>map(bean -> bean.getBeanClass())
                .filter(type -> type.isAnnotationPresent(Path.class))
                .distinct()
                .flatMap(type -> Arrays.stream(type.getMethods()).flatMap(method -> endpoint(type, method)))
                .toList();
        plainCalls = endpoints.stream().filter(endpoint -> endpoint.plainPath != null)
                .map(endpoint -> call(endpoint.method, endpoint.plainPath)).collect(Collectors.toUnmodifiableSet());
    }

    private static String call(String method, @Nullable String path) {
        return method + " " + path;
    }

    private static Stream<Endpoint> endpoint(Class<?> type, Method method) {
        return Arrays.stream(method.getAnnotations())
                .map(annotation -> annotation.annotationType().getAnnotation(HttpMethod.class))
                .flatMap(Stream::ofNullable)
                .map(verb -> endpoint(path(type, method), verb.value()));
    }

    private static Endpoint endpoint(String path, String method) {
        return new Endpoint(pattern(path), method, path.contains("{") ? null : path);
    }

    private static String path(Class<?> type, Method method) {
        return Stream.of(type.getAnnotation(Path.class), method.getAnnotation(Path.class))
                .flatMap(Stream::ofNullable)
                .map(part -> part.value().replaceFirst("^/?", "/").replaceFirst("/$", ""))
                .collect(Collectors.joining());
    }

    /// A parameter in braces is one segment.
    private static Pattern pattern(String path) {
        return Pattern.compile(Arrays.stream(path.split("\\{[^}]*}", -1)).map(Pattern::quote)
                .collect(Collectors.joining("[^/]+")) + "/?");
    }

    /// Null lets the request pass.
    @ServerRequestFilter(preMatching = true, priority = AFTER_ROLES)
    @Nullable
    Response check(ContainerRequestContext request, HttpServerRequest sent) {
        String method = request.getMethod();
        if (plainCalls.contains(call(method, sent.path()))) {
            return null;
        }
        TreeSet<String> allowed = methods(sent.path()); // undecoded: a parameter may have a slash
        if (allowed.contains(method) || allowed.isEmpty() && !method.equals(HttpMethod.OPTIONS)) {
            return null; // the latter is answered 404, or by another handler
        }
        if (allowed.isEmpty()) {
            throw new NotFoundException();
        }
        allowed.add(HttpMethod.OPTIONS);
        String allow = String.join(", ", allowed);
        if (method.equals(HttpMethod.OPTIONS)) {
            return Response.noContent().header(HttpHeaders.ALLOW, allow).build();
        }
        throw new NotAllowedException(Response.status(405).header(HttpHeaders.ALLOW, allow).build());
    }

    /// In the order of their names; empty if there is no such path.
    private TreeSet<String> methods(String path) {
        TreeSet<String> methods = endpoints.stream().filter(endpoint -> endpoint.path.matcher(path).matches())
                .map(Endpoint::method).collect(Collectors.toCollection(TreeSet::new));
        if (methods.contains(HttpMethod.GET)) {
            methods.add(HttpMethod.HEAD);
        }
        return methods;
    }
}
