package dev.plinto.polar;

import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAPackage;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAnyPackage;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideOutsideOfPackage;
import static com.tngtech.archunit.lang.conditions.ArchConditions.callMethodWhere;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;
import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.base.DescribedPredicate;
import com.tngtech.archunit.core.domain.JavaCall;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import java.time.Clock;
import java.time.InstantSource;
import java.util.Arrays;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/// The rooms of the house and who may look into which. All rules are allow-lists: what is not named is not allowed.
class ArchitectureTest {

    private static final String ROOT = "dev.plinto.polar";
    private static final JavaClasses HOUSE = new ClassFileImporter()
            .withImportOption(ImportOption.Predefined.DO_NOT_INCLUDE_TESTS)
            .importPackages(ROOT);

    /// Room by room, the other rooms whose types it may use. The root, which all may use, is not named.
    private static final Map<String, Set<String>> MAY_USE = Map.of(
            "entitlement", Set.of(),
            "polar", Set.of("entitlement"),
            "ingress", Set.of("polar"),
            "projection", Set.of("polar", "entitlement"),
            "relay", Set.of(),
            "reconcile", Set.of("polar", "ingress", "entitlement"),
            "billing", Set.of("polar", "entitlement"),
            "ops", Set.of("entitlement", "polar", "ingress", "projection", "relay", "reconcile", "billing"),
            "sandbox", Set.of("entitlement", "polar", "ingress", "projection", "relay", "reconcile", "billing", "ops"));

    /// The rooms that exist so far.
    static Stream<String> rooms() {
        return MAY_USE.keySet().stream().filter(room -> HOUSE.stream().anyMatch(inRoom(room)::test)).sorted();
    }

    @ParameterizedTest
    @MethodSource("rooms")
    void aRoomUsesOnlyTheRoomsItMayUse(String room) {
        DescribedPredicate<JavaClass> allowed = resideOutsideOfPackage(ROOT + "..")
                .or(resideInAPackage(ROOT))
                .or(resideInAnyPackage(Stream.concat(Stream.of(room), MAY_USE.get(room).stream())
                        .map(name -> ROOT + "." + name + "..")
                        .toArray(String[]::new)));
        classes().that(inRoom(room)).should().onlyDependOnClassesThat(allowed).check(HOUSE);
    }

    @Test
    void theRulesArePlainJava() {
        classes().that(inRoom("entitlement"))
                .should().onlyDependOnClassesThat(resideInAnyPackage("java.lang..", "java.time..", "java.util..",
                        ROOT + ".entitlement"))
                .check(HOUSE);
    }

    @Test
    void everyClassIsInARoomOrInTheRoot() {
        Set<String> strangers = new TreeSet<>();
        HOUSE.forEach(type -> {
            String room = type.getPackageName().substring(ROOT.length()).replaceFirst("^\\.", "").replaceFirst("\\..*", "");
            if (!room.isEmpty() && !MAY_USE.containsKey(room)) {
                strangers.add(type.getName());
            }
        });
        assertThat(strangers).isEmpty();
    }

    @Test
    void theRootUsesNoRoom() {
        classes().that().resideInAPackage(ROOT)
                .should().onlyDependOnClassesThat(resideOutsideOfPackage(ROOT + ".*..").or(resideInAPackage(ROOT)))
                .check(HOUSE);
    }

    @Test
    void thereAreNoCycles() {
        slices().matching(ROOT + ".(*)..").should().beFreeOfCycles().check(HOUSE);
    }

    @Test
    void thereAreNoDrawers() {
        noClasses().should().resideInAnyPackage(
                        Stream.of("util", "common", "helper", "model", "dto", "impl", "config", "misc", "support")
                                .map(drawer -> ROOT + ".." + drawer + "..")
                                .toArray(String[]::new))
                .check(HOUSE);
    }

    @Test
    void kafkaIsKnownOnlyWhereRecordsComeInAndGoOut() {
        classes().that(DescribedPredicate.not(inAnyRoom("ingress", "projection", "relay", "ops", "sandbox")))
                .should().onlyDependOnClassesThat(DescribedPredicate.not(
                        resideInAnyPackage("org.apache.kafka..", "io.smallrye.reactive.messaging..")))
                .check(HOUSE);
    }

    @Test
    void onlyTheClockReadsTheClock() {
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
        noClasses().that().doNotHaveSimpleName("ClockProducer").should(callMethodWhere(readsTheClock)).check(HOUSE);
    }

    private static DescribedPredicate<JavaClass> inRoom(String room) {
        return resideInAPackage(ROOT + "." + room + "..");
    }

    private static DescribedPredicate<JavaClass> inAnyRoom(String... rooms) {
        return resideInAnyPackage(Arrays.stream(rooms).map(room -> ROOT + "." + room + "..").toArray(String[]::new));
    }
}
