package dev.pointsman.registry;

import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAnyPackage;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.codeUnits;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;

import com.tngtech.archunit.base.DescribedPredicate;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaCodeUnit;
import com.tngtech.archunit.core.domain.JavaModifier;
import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.lang.ArchCondition;
import com.tngtech.archunit.lang.ArchRule;
import com.tngtech.archunit.lang.ConditionEvents;
import com.tngtech.archunit.lang.SimpleConditionEvent;
import dev.pointsman.testkit.Rules;
import java.util.Set;
import java.util.stream.Stream;

/** The directions of imports below {@code dev.pointsman.registry}, and what of it is plain Java. */
@AnalyzeClasses(packages = "dev.pointsman", importOptions = ImportOption.DoNotIncludeTests.class)
class RegistryArchitectureTest {
    private static final String FACTS = "dev.pointsman.registry";
    private static final String CACHE = "dev.pointsman.registry.cache..";
    private static final String CONSUL = "dev.pointsman.registry.consul..";
    private static final String INTERNAL = "dev.pointsman.registry.consul.internal..";
    private static final String LOG = "dev.pointsman.registry.consul.internal.log";
    private static final String QUERY = "dev.pointsman.registry.consul.internal.query";
    private static final String JSON = "dev.pointsman.registry.consul.internal.json";
    private static final String SHARED = "dev.pointsman.registry.consul.internal.shared";
    private static final String KV = "dev.pointsman.registry.consul.internal.kv";
    private static final String VIEW = "dev.pointsman.registry.consul.internal.view";

    private static final Set<String> PLAIN_NAMES = Set.of(
            "BlockingQuery",
            "TokenBucket",
            "QueryMode",
            "SelfPreservation",
            "ViewMerger",
            "CheckKey",
            "CheckChanges",
            "ConsulJson",
            "ConsulHealth");

    /** Decisions without I/O, which are given their clock and their random source. */
    private static final DescribedPredicate<JavaClass> PLAIN = resideInAnyPackage(FACTS, LOG)
            .or(resideInAnyPackage(CONSUL)
                    .and(DescribedPredicate.describe("plain", type -> PLAIN_NAMES.contains(type.getSimpleName()))))
            .as("the plain classes");

    @ArchTest
    static final ArchRule facts_and_ports_know_no_other_package = knows(FACTS, FACTS);

    @ArchTest
    static final ArchRule the_cache_knows_the_facts_alone = knows(CACHE, FACTS, CACHE);

    @ArchTest
    static final ArchRule the_consul_adapter_knows_facts_and_cache_alone = knows(CONSUL, FACTS, CACHE, CONSUL);

    @ArchTest
    static final ArchRule the_log_knows_the_facts_alone = knows(LOG, FACTS, LOG);

    @ArchTest
    static final ArchRule json_knows_neither_queries_nor_views = knows(JSON, FACTS, LOG, JSON);

    @ArchTest
    static final ArchRule queries_know_neither_services_nor_views = knows(QUERY, FACTS, LOG, QUERY);

    @ArchTest
    static final ArchRule shared_watches_know_queries_and_no_views = knows(SHARED, FACTS, LOG, QUERY, SHARED);

    @ArchTest
    static final ArchRule keys_know_queries_and_no_services = knows(KV, FACTS, LOG, JSON, QUERY, KV);

    @ArchTest
    static final ArchRule views_know_everything_below_and_not_the_registry_that_makes_them =
            knows(VIEW, FACTS, CACHE, LOG, JSON, QUERY, SHARED, VIEW);

    @ArchTest
    static final ArchRule what_is_internal_is_known_to_the_consul_adapter_alone = noClasses()
            .that()
            .resideOutsideOfPackage(CONSUL)
            .should()
            .dependOnClassesThat()
            .resideInAPackage(INTERNAL);

    @ArchTest
    static final ArchRule nothing_internal_shows_in_the_api = codeUnits()
            .that()
            .areDeclaredInClassesThat(resideInAnyPackage("dev.pointsman.registry.consul")
                    .and(DescribedPredicate.describe(
                            "public", type -> type.getModifiers().contains(JavaModifier.PUBLIC))))
            .and()
            .arePublic()
            .should(showNothingOf(INTERNAL));

    @ArchTest
    static final ArchRule plain_classes_know_neither_vertx_nor_netty =
            noClasses().that(PLAIN).should().dependOnClassesThat().resideInAnyPackage("io.vertx..", "io.netty..");

    @ArchTest
    static final ArchRule plain_classes_are_given_their_clock =
            noClasses().that(PLAIN).should().accessTargetWhere(Rules.readsAClock());

    private static ArchRule knows(String room, String... allowed) {
        return classes().that().resideInAPackage(room).should().onlyDependOnClassesThat(Rules.ours(allowed));
    }

    private static ArchCondition<JavaCodeUnit> showNothingOf(String packages) {
        return new ArchCondition<>("show nothing of " + packages) {
            @Override
            public void check(JavaCodeUnit unit, ConditionEvents events) {
                Stream.concat(unit.getRawParameterTypes().stream(), Stream.of(unit.getRawReturnType()))
                        .filter(resideInAnyPackage(packages))
                        .forEach(type -> events.add(
                                SimpleConditionEvent.violated(unit, unit.getFullName() + " shows " + type.getName())));
            }
        };
    }
}
