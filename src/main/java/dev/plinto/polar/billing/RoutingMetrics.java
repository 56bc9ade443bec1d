package dev.plinto.polar.billing;

import dev.plinto.polar.Role;
import dev.plinto.polar.Roles;
import dev.plinto.polar.billing.routing.Reason;
import dev.plinto.polar.billing.routing.Route;
import dev.plinto.polar.entitlement.Provider;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import io.quarkus.runtime.StartupEvent;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;
import java.util.stream.Stream;

/// Counts who was to sell what applications asked for, and why.
@ApplicationScoped
class RoutingMetrics {

    private final MeterRegistry registry;

    RoutingMetrics(MeterRegistry registry) {
        this.registry = registry;
        Stream.of(Reason.OVERRIDE, Reason.LIVE_SUBSCRIPTION, Reason.CONEKTA_OFF, Reason.PRODUCT_NOT_MAPPED,
                Reason.INTERNATIONAL).forEach(reason -> counter(new Route.Sale(Provider.POLAR, reason)));
        Stream.of(Reason.OVERRIDE, Reason.LIVE_SUBSCRIPTION, Reason.COUNTRY_MX, Reason.CURRENCY_MXN)
                .forEach(reason -> counter(new Route.Sale(Provider.CONEKTA, reason)));
        counter(new Route.NotServed());
        counter(new Route.ProviderOff(Provider.CONEKTA));
    }

    static void start(@Observes StartupEvent event, Roles roles, RoutingMetrics metrics) {
        if (roles.include(Role.API)) {
            metrics.register();
        }
    }

    /// Does nothing: the first call creates this bean, which registers its meters.
    void register() {}

    void routed(Route route) {
        counter(route).increment();
    }

    /// The same counter at each call.
    private Counter counter(Route route) {
        return Counter.builder("polar.routing")
                .description("Requests for a checkout, by the provider that was to sell, and why")
                .tag("provider", seller(route))
                .tag("reason", route.reason().wireName())
                .register(registry);
    }

    private static String seller(Route route) {
        return switch (route) {
            case Route.Sale sale -> sale.provider().wireName();
            case Route.NotServed notServed -> "none";
            case Route.ProviderOff off -> "none";
        };
    }
}
