package dev.plinto.polar.start;

import dev.plinto.polar.Role;
import dev.plinto.polar.Roles;
import dev.plinto.polar.polar.api.PolarConfig;
import dev.plinto.polar.polar.api.PolarFailure;
import dev.plinto.polar.polar.api.PolarScopes;
import dev.plinto.polar.polar.api.WriteScope;
import dev.plinto.polar.reconcile.ReconcileConfig;
import dev.plinto.polar.telemetry.LastingThreads;
import io.quarkus.logging.Log;
import io.quarkus.runtime.ShutdownEvent;
import io.quarkus.runtime.StartupEvent;
import jakarta.annotation.Priority;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;
import jakarta.inject.Inject;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/// Names the scopes that `POLAR_ACCESS_TOKEN` lacks for what this replica writes at Polar: once after its start, while
/// the replica works already. What only reads is named by reconciliation, whose lists then fail.
@ApplicationScoped
class NameMissingScopes {

    private static final int AFTER_EVERYTHING_ELSE = 3000;

    private final Question question;
    private final List<WriteScope> needed;
    private final Thread thread = LastingThreads.unstarted("scopes", this::run);

    interface Question {

        /// @throws PolarFailure if Polar does not say
        boolean isMissing(WriteScope scope) throws InterruptedException;
    }

    @Inject
    NameMissingScopes(PolarScopes scopes, Roles roles, PolarConfig polar, ReconcileConfig reconcile) {
        this(scopes::isMissing, polar.accessToken().isPresent()
                ? needed(roles, reconcile.reconcile().enableEndpoint())
                : List.of());
    }

    NameMissingScopes(Question question, List<WriteScope> needed) {
        this.question = question;
        this.needed = needed;
    }

    static List<WriteScope> needed(Roles roles, boolean enablesEndpoint) {
        return Stream.of(WriteScope.values()).filter(scope -> switch (scope) {
            case CHECKOUTS, CUSTOMERS, CUSTOMER_SESSIONS, MEMBERS, SUBSCRIPTIONS, CUSTOMER_SEATS ->
                roles.include(Role.API);
            case EVENTS -> roles.include(Role.USAGE);
            case WEBHOOKS -> roles.include(Role.RECONCILE) && enablesEndpoint;
        }).toList();
    }

    void start(@Observes @Priority(AFTER_EVERYTHING_ELSE) StartupEvent event) {
        thread.start();
    }

    void stop(@Observes @Priority(1) ShutdownEvent event) throws InterruptedException {
        thread.interrupt();
        if (thread.isAlive()) {
            thread.join(Duration.ofSeconds(5));
        }
    }

    private void run() {
        try {
            name();
        } catch (InterruptedException stopping) {
            Thread.currentThread().interrupt();
        } catch (RuntimeException fault) {
            Log.error("Which scopes POLAR_ACCESS_TOKEN has is not known, by a fault of this service", fault);
        }
    }

    void name() throws InterruptedException {
        List<WriteScope> missing = new ArrayList<>();
        try {
            for (WriteScope scope : needed) {
                if (question.isMissing(scope)) {
                    missing.add(scope);
                }
            }
        } catch (PolarFailure unknown) {
            Log.infof(
                    "Not all scopes of POLAR_ACCESS_TOKEN could be checked: %s Requests that need one that is missing "
                            + "name it.",
                    unknown.getMessage());
        }
        if (!missing.isEmpty()) {
            Log.warnf(
                    "POLAR_ACCESS_TOKEN lacks the scopes %s. Polar refuses what needs them: such requests are answered "
                            + "503 provider-not-configured, and metered events wait. All else goes on. Create a new "
                            + "token with them, unless this service is not used for that.",
                    missing.stream()
                            .map(scope -> scope.wireName() + " (" + scope.part() + ")")
                            .collect(Collectors.joining(", ")));
        }
    }
}
