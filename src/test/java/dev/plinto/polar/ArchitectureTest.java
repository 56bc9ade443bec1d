package dev.plinto.polar;

import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAPackage;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAnyPackage;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideOutsideOfPackage;
import static com.tngtech.archunit.lang.conditions.ArchConditions.callMethodWhere;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.methods;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;
import static java.util.Map.entry;
import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.base.DescribedPredicate;
import com.tngtech.archunit.core.domain.JavaCall;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.domain.JavaMethod;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.lang.ArchCondition;
import dev.plinto.polar.caller.Needs;
import io.quarkus.oidc.BearerTokenAuthentication;
import io.quarkus.security.Authenticated;
import jakarta.ws.rs.HttpMethod;
import jakarta.ws.rs.Path;
import java.lang.annotation.Annotation;
import java.time.Clock;
import java.time.InstantSource;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.Executors;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/// The rooms and what each may use. All rules are allow-lists: what is not listed is refused.
class ArchitectureTest {

    private static final String ROOT = "dev.plinto.polar";
    private static final JavaClasses CLASSES = new ClassFileImporter()
            .withImportOption(ImportOption.Predefined.DO_NOT_INCLUDE_TESTS)
            .importPackages(ROOT);

    /// What every room may use. A type is added here only if it belongs to none of the rooms.
    private static final Set<String> IN_THE_ROOT = Set.of(
            "Main", "SystemClock", "AllowedMethods", "ReadOnlyPaths", "KnownParameters", "Role", "Roles", "RoleGate",
            "Problem", "ProblemMappers", "Topics", "HeaderNames", "Rfc3339", "Bounds", "Limit", "IdParameter",
            "NoTokenNeeded", "CountryCode", "PlainText", "Flag", "HeldData", "HeldTable", "HeldTopic", "DataSubject",
            "ErasureStep", "Erased", "WebhookDialect", "Envelope", "Verdict", "OwnEvent",
            "ExactJson", "BodyJson", "ReadableText", "WrittenNumber", "package-info");

    /// Rooms that every room may use besides the root.
    private static final Set<String> FOR_ALL = Set.of("telemetry", "postgres");

    /// Each room, and the other rooms whose types it may use.
    private static final Map<String, Set<String>> MAY_USE = Map.ofEntries(
            entry("entitlement", Set.of()),
            entry("provider", Set.of()),
            entry("polar", Set.of("entitlement", "provider")),
            entry("conekta", Set.of("entitlement", "provider")),
            entry("ingress", Set.of("polar", "conekta")),
            entry("projection", Set.of("polar", "conekta", "entitlement")),
            entry("relay", Set.of()),
            entry("http", Set.of()),
            entry("reconcile", Set.of("polar", "conekta", "entitlement", "ingress")),
            entry("caller", Set.of()),
            entry("access", Set.of("caller", "entitlement")),
            entry("audit", Set.of("caller")),
            entry("billing", Set.of("caller", "audit", "access", "polar", "conekta", "entitlement", "ingress")),
            entry("usage", Set.of("caller", "audit", "polar")),
            entry("privacy", Set.of("caller", "audit", "polar", "conekta", "ingress")),
            entry("telemetry", Set.of()),
            entry("postgres", Set.of()),
            entry("start", Set.of("entitlement", "polar", "conekta", "ingress", "projection", "relay", "reconcile",
                    "caller", "access", "audit", "billing", "usage", "privacy")),
            entry("ops", Set.of("entitlement", "polar", "conekta", "ingress", "projection", "relay", "reconcile",
                    "caller", "access", "audit", "billing", "usage", "privacy")),
            entry("sandbox", Set.of("entitlement", "polar", "conekta", "ingress", "projection", "relay", "reconcile",
                    "caller", "access", "audit", "billing", "usage", "privacy", "ops")));

    /// Single types of other rooms that a room may use too.
    private static final Map<String, Set<String>> MAY_USE_TYPES = Map.of(
            "reconcile", Set.of("projection.StoredObjects", "projection.lag.ProjectionLag"));

    private static final Set<String> KAFKA = Set.of("ingress", "projection", "relay", "start", "ops", "sandbox");

    static Stream<String> rooms() {
        return MAY_USE.keySet().stream().sorted();
    }

    @ParameterizedTest
    @MethodSource("rooms")
    void roomUsesOnlyTheRoomsItMayUse(String room) {
        DescribedPredicate<JavaClass> allowed = resideOutsideOfPackage(ROOT + "..")
                .or(resideInAPackage(ROOT))
                .or(inAnyRoom(Stream.of(Set.of(room), FOR_ALL, MAY_USE.get(room)).flatMap(Set::stream)))
                .or(typesFor(room));
        classes().that(inRoom(room)).should().onlyDependOnClassesThat(allowed)
                .because("the room " + room + " may use the root, " + FOR_ALL + ", " + MAY_USE.get(room)
                        + " and the types " + MAY_USE_TYPES.getOrDefault(room, Set.of())
                        + ": move the code to the room that it belongs to, or change the list in ArchitectureTest and "
                        + "the table of rooms in CONTRIBUTING.md together")
                .check(CLASSES);
    }

    @Test
    void rulesArePlainJava() {
        classes().that(inRoom("entitlement"))
                .should()
                .onlyDependOnClassesThat(
                        resideInAnyPackage("java.lang..", "java.math", "java.nio.charset", "java.security",
                                "java.time..", "java.util..", "org.jspecify.annotations", ROOT + ".entitlement"))
                .because("the rules need no framework, JSON, SQL or clock")
                .check(CLASSES);
    }

    @Test
    void everyClassIsInARoomOrListedInTheRoot() {
        Set<String> unlisted = new TreeSet<>();
        CLASSES.stream().filter(type -> type.isTopLevelClass()).forEach(type -> {
            String room = type.getPackageName().substring(ROOT.length()).replaceFirst("^\\.", "")
                    .replaceFirst("\\..*", "");
            if (!(room.isEmpty() ? IN_THE_ROOT.contains(type.getSimpleName()) : MAY_USE.containsKey(room))) {
                unlisted.add(type.getName());
            }
        });
        assertThat(unlisted).as("types that are in no room and not listed in the root: move each to the room that "
                + "its job belongs to (table of rooms in CONTRIBUTING.md)").isEmpty();
    }

    @Test
    void onlyTheMainClassUsesARoomFromTheRoot() {
        classes().that().resideInAPackage(ROOT).and().doNotHaveSimpleName("Main")
                .should().onlyDependOnClassesThat(resideOutsideOfPackage(ROOT + ".*..").or(resideInAPackage(ROOT)))
                .check(CLASSES);
        classes().that().haveSimpleName("Main").and().resideInAPackage(ROOT)
                .should().onlyDependOnClassesThat(resideOutsideOfPackage(ROOT + ".*..").or(resideInAPackage(ROOT))
                        .or(inRoom("start")))
                .check(CLASSES);
    }

    @Test
    void thereAreNoCycles() {
        slices().matching(ROOT + ".(*)..").should().beFreeOfCycles().check(CLASSES);
    }

    @Test
    void thereAreNoDrawers() {
        noClasses().should().resideInAnyPackage(
                Stream.of("util", "common", "helper", "model", "dto", "impl", "config", "misc", "support")
                        .map(drawer -> ROOT + ".." + drawer + "..")
                        .toArray(String[]::new))
                .because("a package is named after what its types do together")
                .check(CLASSES);
    }

    @Test
    void everyCallSaysWhatItNeeds() {
        methods().that(DescribedPredicate.describe("answer calls", ArchitectureTest::isCall))
                .should(ArchCondition.from(DescribedPredicate.describe("say what they need",
                        method -> isAnnotated(method, Needs.class) || isAnnotated(method, NoTokenNeeded.class))))
                .because("the service refuses it otherwise: annotate the method or its class with @Needs(...) or, if "
                        + "anybody may make the call, with @NoTokenNeeded")
                .check(CLASSES);
    }

    @Test
    void callsAcceptTokensOnly() {
        methods().that(DescribedPredicate.describe("need a token", method -> isAnnotated(method, Needs.class)))
                .should(ArchCondition.from(DescribedPredicate.describe("verify it",
                        method -> Stream.of(Authenticated.class, BearerTokenAuthentication.class)
                                .allMatch(method.getOwner()::isAnnotatedWith))))
                .because("a browser sends its session of the console by itself: annotate the class with "
                        + "@Authenticated and @BearerTokenAuthentication")
                .check(CLASSES);
    }

    /// The console has its own guard, the documents are public, and the sandbox is on one machine.
    private static boolean isCall(JavaMethod method) {
        JavaClass type = method.getOwner();
        return method.isMetaAnnotatedWith(HttpMethod.class) && type.isAnnotatedWith(Path.class)
                && Stream.of("/ops", "/q", "/sandbox").noneMatch(
                        other -> (type.getAnnotationOfType(Path.class).value() + "/").startsWith(other + "/"));
    }

    private static boolean isAnnotated(JavaMethod method, Class<? extends Annotation> annotation) {
        return method.isAnnotatedWith(annotation) || method.getOwner().isAnnotatedWith(annotation);
    }

    @Test
    void onlyListedRoomsUseKafka() {
        classes().that(DescribedPredicate.not(inAnyRoom(KAFKA.stream())))
                .should().onlyDependOnClassesThat(DescribedPredicate.not(
                        resideInAnyPackage("org.apache.kafka..", "io.smallrye.reactive.messaging..")))
                .because("only the rooms " + new TreeSet<>(KAFKA)
                        + " use the broker: pass the others a type of this service")
                .check(CLASSES);
    }

    @Test
    void onlySystemClockReadsTheClock() {
        DescribedPredicate<JavaCall<?>> readsTheClock = new DescribedPredicate<>("reads the machine's clock") {
            @Override
            public boolean test(JavaCall<?> call) {
                String owner = call.getTargetOwner().getName();
                String method = call.getName();
                return owner.startsWith("java.time.") && method.equals("now")
                        || owner.equals(Clock.class.getName()) && method.startsWith("system")
                        || owner.equals(InstantSource.class.getName()) && method.equals("system")
                        || owner.equals(System.class.getName()) && method.equals("currentTimeMillis");
            }
        };
        noClasses().that().doNotHaveSimpleName("SystemClock").should(callMethodWhere(readsTheClock))
                .because("tests set the time: inject java.time.InstantSource")
                .check(CLASSES);
    }

    @Test
    void singleStatementsAreNotSentByThePool() {
        DescribedPredicate<JavaCall<?>> poolQuery = new DescribedPredicate<>("is a query of the pool") {
            @Override
            public boolean test(JavaCall<?> call) {
                return Set.of("query", "preparedQuery").contains(call.getName())
                        && call.getTargetOwner().getName()
                                .matches("io\\.vertx\\.(mutiny\\.)?sqlclient\\.(Pool|SqlClient)");
            }
        };
        noClasses().should(callMethodWhere(poolQuery))
                .because("it logs ERROR for a failure that was answered already: use postgres.Statements")
                .check(CLASSES);
    }

    @Test
    void onlyLastingThreadsMakesThreads() {
        Set<String> makers = Stream.of(Executors.class, Thread.Builder.class, Thread.Builder.OfPlatform.class,
                Thread.Builder.OfVirtual.class).map(Class::getName).collect(Collectors.toSet());
        DescribedPredicate<JavaCall<?>> makesThreads = new DescribedPredicate<>("makes threads") {
            @Override
            public boolean test(JavaCall<?> call) {
                return makers.contains(call.getTargetOwner().getName());
            }
        };
        noClasses().that(resideOutsideOfPackage(ROOT + ".sandbox.."))
                .and().doNotHaveSimpleName("LastingThreads").should(callMethodWhere(makesThreads))
                .because("a thread that ends by an Error must be noticed")
                .check(CLASSES);
    }

    private static DescribedPredicate<JavaClass> typesFor(String room) {
        Set<String> types = MAY_USE_TYPES.getOrDefault(room, Set.of());
        return DescribedPredicate.describe("are " + types, type -> types.stream()
                .anyMatch(name -> (type.getName() + "$").startsWith(ROOT + "." + name + "$")));
    }

    private static DescribedPredicate<JavaClass> inRoom(String room) {
        return resideInAPackage(ROOT + "." + room + "..");
    }

    private static DescribedPredicate<JavaClass> inAnyRoom(Stream<String> rooms) {
        return resideInAnyPackage(rooms.map(room -> ROOT + "." + room + "..").toArray(String[]::new));
    }
}
