package dev.plinto.polar.sandbox.polar.live;

import dev.plinto.polar.Problem;
import dev.plinto.polar.sandbox.polar.BusinessFault;
import dev.plinto.polar.sandbox.provider.ApiFault;
import dev.plinto.polar.sandbox.provider.DeliveryFault;
import dev.plinto.polar.sandbox.provider.Faults;
import jakarta.inject.Singleton;
import jakarta.ws.rs.DELETE;
import jakarta.ws.rs.DefaultValue;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.MediaType;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.stream.Stream;
import org.jboss.resteasy.reactive.RestPath;
import org.jboss.resteasy.reactive.RestQuery;

/// Injects faults between Polar and this service: into Polar's API, the rules of its business, and the deliveries of
/// its events.
@Singleton
@Path("/sandbox/polar/faults")
@Produces(MediaType.APPLICATION_JSON)
class BreakPolar {

    private static final String API_FAULTS = "slow, too-many-requests, unauthorized, broken, cut, completed-late, "
            + "cut-in-the-middle";

    private final MountPolarApi api;
    private final SandboxPolar polar;

    BreakPolar(MountPolarApi api, SandboxPolar polar) {
        this.api = api;
        this.polar = polar;
    }

    /// The faults that are still to happen.
    @GET
    public List<Fault> pending() {
        return Stream.concat(
                api.faults().rules().stream().map(rule -> fault("api", rule)),
                Stream.concat(
                        polar.engine().faults().rules().stream().map(rule -> fault("deliveries", rule)),
                        polar.simulation().faults().rules().stream().map(rule -> fault("business", rule))))
                .toList();
    }

    /// Breaks the next requests to Polar's API whose path below `/v1` begins with `on`. `seconds` is the delay of a
    /// slow answer or of a late completion, or the value of `Retry-After`.
    @POST
    @Path("/api/{fault}")
    public List<Fault> breakApi(
            @RestPath("fault") String name,
            @RestQuery @DefaultValue("") String on,
            @RestQuery @DefaultValue("1") int times,
            @RestQuery @DefaultValue("5") int seconds) {
        requirePositive(times);
        Duration time = Duration.ofSeconds(seconds);
        ApiFault fault = switch (name) {
            case "slow" -> new ApiFault.Slow(time);
            case "too-many-requests" -> new ApiFault.TooManyRequests(time);
            case "unauthorized" -> new ApiFault.Unauthorized();
            case "broken" -> new ApiFault.Broken(502);
            case "cut" -> new ApiFault.Cut();
            case "completed-late" -> new ApiFault.CompletedLate(time);
            case "cut-in-the-middle" -> new ApiFault.CutInTheMiddle();
            default -> throw unknown(API_FAULTS).exception();
        };
        api.faults().next(on, times, fault);
        return pending();
    }

    /// Breaks the next attempts to deliver an event whose type begins with `on`.
    @POST
    @Path("/deliveries/{fault}")
    public List<Fault> breakDeliveries(
            @RestPath("fault") String name,
            @RestQuery @DefaultValue("") String on,
            @RestQuery @DefaultValue("1") int times) {
        requirePositive(times);
        List<DeliveryFault> known = Arrays.asList(DeliveryFault.values());
        DeliveryFault fault = known.stream().filter(each -> wireName(each).equals(name)).findFirst().orElseThrow(
                () -> unknown(String.join(", ", known.stream().map(BreakPolar::wireName).toList())).exception());
        polar.engine().faults().next(on, times, fault);
        return pending();
    }

    /// Makes Polar refuse the next calls that concern the subscription or order whose id begins with `on`, for a reason
    /// outside the simulation.
    @POST
    @Path("/business/{fault}")
    public List<Fault> refuse(
            @RestPath("fault") String name,
            @RestQuery @DefaultValue("") String on,
            @RestQuery @DefaultValue("1") int times) {
        requirePositive(times);
        List<BusinessFault> known = Arrays.asList(BusinessFault.values());
        BusinessFault fault = known.stream().filter(each -> each.wireName().equals(name)).findFirst().orElseThrow(
                () -> unknown(String.join(", ", known.stream().map(BusinessFault::wireName).toList())).exception());
        polar.simulation().faults().next(fault, on, times);
        return pending();
    }

    /// Removes all faults.
    @DELETE
    public List<Fault> clear() {
        api.faults().clear();
        polar.engine().faults().clear();
        polar.simulation().faults().clear();
        return pending();
    }

    private static void requirePositive(int times) {
        if (times < 1) {
            throw new Problem("invalid-request", 400, "Invalid request", "times must be at least 1").exception();
        }
    }

    private static Fault fault(String side, Faults.Rule<?> rule) {
        return new Fault(side, rule.fault().toString(), rule.on(), rule.times());
    }

    private static String wireName(DeliveryFault fault) {
        return fault.name().toLowerCase(Locale.ROOT).replace('_', '-');
    }

    private static Problem unknown(String known) {
        return new Problem("unknown-fault", 404, "No such fault", "The faults: " + known);
    }

    record Fault(String side, String fault, String on, int times) {}
}
