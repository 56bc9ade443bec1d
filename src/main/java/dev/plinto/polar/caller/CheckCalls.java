package dev.plinto.polar.caller;

import dev.plinto.polar.NoTokenNeeded;
import io.quarkus.security.identity.SecurityIdentity;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Priorities;
import jakarta.ws.rs.container.ContainerRequestFilter;
import jakarta.ws.rs.container.DynamicFeature;
import jakarta.ws.rs.container.ResourceInfo;
import jakarta.ws.rs.core.FeatureContext;
import jakarta.ws.rs.ext.Provider;
import java.lang.annotation.Annotation;
import java.lang.reflect.AnnotatedElement;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/// Gives each call the check that its [Needs] says, once, at start. A call that says neither that nor [NoTokenNeeded]
/// is open to nobody.
@Provider
class CheckCalls implements DynamicFeature {

    /// These are no calls of the API: the console has its own guard, the documents and health are public, and the
    /// sandbox is on one machine.
    private static final List<String> OTHERS = List.of("/ops", "/q", "/sandbox");

    private final SecurityIdentity identity;
    private final Authorization authorization;
    private final CallCheck check;

    CheckCalls(SecurityIdentity identity, Authorization authorization, CallCheck check) {
        this.identity = identity;
        this.authorization = authorization;
        this.check = check;
    }

    @Override
    public void configure(ResourceInfo call, FeatureContext context) {
        Optional<Needs> needs = find(Needs.class, call);
        if (needs.isPresent()) {
            context.register(new CheckCaller(needs.get(), identity, authorization, check), Priorities.AUTHORIZATION);
            if (CheckCaller.isLeftToMethod(needs.get())) {
                context.register(new WithholdUncheckedAnswers(call.getResourceMethod(), check));
            }
        } else if (isOfApi(call.getResourceClass()) && find(NoTokenNeeded.class, call).isEmpty()) {
            context.register((ContainerRequestFilter) request -> {
                throw new IllegalStateException(call.getResourceMethod() + " says neither @Needs nor @NoTokenNeeded");
            }, Priorities.AUTHORIZATION);
        }
    }

    /// On the method, else on its class.
    private static <A extends Annotation> Optional<A> find(Class<A> annotation, ResourceInfo call) {
        return Stream.<AnnotatedElement>of(call.getResourceMethod(), call.getResourceClass())
                .map(element -> element.getAnnotation(annotation)).flatMap(Stream::ofNullable).findFirst();
    }

    private static boolean isOfApi(Class<?> resource) {
        Path path = resource.getAnnotation(Path.class);
        String root = path == null ? "/" : "/" + path.value().replaceFirst("^/", "");
        return OTHERS.stream().noneMatch(other -> root.equals(other) || root.startsWith(other + "/"));
    }
}
