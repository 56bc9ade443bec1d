package dev.plinto.polar.telemetry;

import dev.plinto.polar.Problem;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import io.quarkus.runtime.StartupEvent;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;
import jakarta.ws.rs.container.ContainerResponseContext;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jboss.resteasy.reactive.server.ServerResponseFilter;

/// Counts answers that are problems, by type. The console's pages are none. All types are this service's own, so there
/// are as many series as there are kinds of problems.
@ApplicationScoped
public class CountProblems {

    /// After the filters that make a problem of an answer, or a page of a problem.
    private static final int LAST = 1000;

    private static final Pattern STORED_TYPE = Pattern.compile("\"type\":\"urn:plinto:polar:([a-z0-9-]{1,64})\"");

    private final MeterRegistry registry;

    CountProblems(MeterRegistry registry) {
        this.registry = registry;
    }

    /// So that there is a series from the start.
    void start(@Observes StartupEvent event) {
        counter("internal-error");
    }

    @ServerResponseFilter(priority = LAST)
    public void count(ContainerResponseContext response) {
        if (response.getEntity() instanceof Problem.Document problem) {
            counter(problem.type().substring(problem.type().lastIndexOf(':') + 1)).increment();
        } else if (response.getEntity() instanceof String stored && response.getMediaType() != null
                && response.getMediaType().toString().startsWith(Problem.MEDIA_TYPE)) {
            Matcher type = STORED_TYPE.matcher(stored);
            if (type.find()) {
                counter(type.group(1)).increment();
            }
        }
    }

    private Counter counter(String type) {
        return Counter.builder("polar.problems")
                .description("Answers that were problems, by the last part of their type")
                .tag("type", type)
                .register(registry);
    }
}
