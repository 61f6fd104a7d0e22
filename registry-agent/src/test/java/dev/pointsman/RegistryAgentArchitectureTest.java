package dev.pointsman;

import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAnyPackage;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.simpleName;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;

import com.tngtech.archunit.base.DescribedPredicate;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaMethodCall;
import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.lang.ArchRule;
import java.util.Set;
import java.util.concurrent.ThreadLocalRandom;

/** The directions of imports and the purity of the plain parts, as ARCHITECTURE.md describes them. */
@AnalyzeClasses(packages = "dev.pointsman", importOptions = ImportOption.DoNotIncludeTests.class)
class RegistryAgentArchitectureTest {
    private static final String[] ALL = {"dev.pointsman.."};
    private static final Set<String> CLOCKS =
            Set.of("java.lang.System.nanoTime", "java.lang.System.currentTimeMillis", "java.time.Instant.now");

    /** Plain Java: no I/O, and no clock or random source that was not handed in. */
    private static final DescribedPredicate<JavaClass> PLAIN = resideInAnyPackage(
                    "dev.pointsman.registry", "dev.pointsman.pool..", "dev.pointsman.pick..", "dev.pointsman.settings")
            .or(resideInAnyPackage("dev.pointsman.registry..")
                    .and(simpleName("BlockingQuery").or(simpleName("Catalog"))))
            .or(resideInAnyPackage("dev.pointsman.launcher..")
                    .and(simpleName("Restarts")
                            .or(simpleName("Conversation"))
                            .or(simpleName("Balancers"))
                            .or(simpleName("Run"))
                            .or(simpleName("Starting"))
                            .or(simpleName("RunningTypes"))
                            .or(simpleName("Place"))
                            .or(simpleName("Replacement"))
                            .or(simpleName("RunningType"))))
            .as("the plain classes");

    @ArchTest
    static final ArchRule settings_know_no_other_package = classes()
            .that()
            .resideInAPackage("dev.pointsman.settings")
            .should()
            .onlyDependOnClassesThat(ours("dev.pointsman.settings"));

    @ArchTest
    static final ArchRule pools_know_the_registry_alone = classes()
            .that()
            .resideInAPackage("dev.pointsman.pool..")
            .should()
            .onlyDependOnClassesThat(ours("dev.pointsman.registry", "dev.pointsman.pool.."));

    @ArchTest
    static final ArchRule pick_policies_know_pools_alone = classes()
            .that()
            .resideInAPackage("dev.pointsman.pick..")
            .should()
            .onlyDependOnClassesThat(ours("dev.pointsman.pool..", "dev.pointsman.pick.."));

    @ArchTest
    static final ArchRule the_embedded_registry_knows_the_registry_alone = classes()
            .that()
            .resideInAPackage("dev.pointsman.registry.embedded..")
            .should()
            .onlyDependOnClassesThat(ours("dev.pointsman.registry", "dev.pointsman.registry.embedded.."));

    @ArchTest
    static final ArchRule the_agent_knows_the_registry_and_its_consul_adapter_alone = classes()
            .that()
            .resideInAPackage("dev.pointsman.agent..")
            .should()
            .onlyDependOnClassesThat(
                    ours("dev.pointsman.registry", "dev.pointsman.registry.consul..", "dev.pointsman.agent.."))
            .allowEmptyShould(true);

    @ArchTest
    static final ArchRule the_launcher_knows_the_agent_and_what_the_agent_knows = classes()
            .that()
            .resideInAPackage("dev.pointsman.launcher..")
            .should()
            .onlyDependOnClassesThat(ours(
                    "dev.pointsman.registry",
                    "dev.pointsman.registry.consul..",
                    "dev.pointsman.agent..",
                    "dev.pointsman.settings",
                    "dev.pointsman.launcher.."));

    @ArchTest
    static final ArchRule launching_processes_knows_nothing_of_services = classes()
            .that()
            .resideInAPackage("dev.pointsman.launcher.process..")
            .should()
            .onlyDependOnClassesThat(ours("dev.pointsman.launcher.process.."));

    @ArchTest
    static final ArchRule nobody_knows_the_launcher = noClasses()
            .that()
            .resideOutsideOfPackage("dev.pointsman.launcher..")
            .should()
            .dependOnClassesThat()
            .resideInAPackage("dev.pointsman.launcher..");

    @ArchTest
    static final ArchRule nothing_here_knows_the_balancer =
            noClasses().should().dependOnClassesThat().resideInAPackage("dev.pointsman.balancer..");

    @ArchTest
    static final ArchRule packages_are_free_of_cycles =
            slices().matching("dev.pointsman.(**)").should().beFreeOfCycles();

    @ArchTest
    static final ArchRule plain_classes_know_neither_vertx_nor_netty =
            noClasses().that(PLAIN).should().dependOnClassesThat().resideInAnyPackage("io.vertx..", "io.netty..");

    @ArchTest
    static final ArchRule plain_classes_are_given_their_clock =
            noClasses().that(PLAIN).should().callMethodWhere(reads(CLOCKS));

    @ArchTest
    static final ArchRule random_sources_are_handed_in = noClasses()
            .should()
            .dependOnClassesThat()
            .areAssignableTo(ThreadLocalRandom.class)
            .orShould()
            .callMethod(Math.class, "random");

    @ArchTest
    static final ArchRule the_parts_of_the_launchers_front_know_little_of_each_other = noClasses()
            .that()
            .resideInAnyPackage(
                    "dev.pointsman.launcher.plan..",
                    "dev.pointsman.launcher.log..",
                    "dev.pointsman.launcher.control..",
                    "dev.pointsman.launcher.watch..")
            .should()
            .dependOnClassesThat(DescribedPredicate.not(resideInAnyPackage(
                            "dev.pointsman.launcher",
                            "dev.pointsman.agent",
                            "dev.pointsman.settings",
                            "dev.pointsman.launcher.plan..",
                            "dev.pointsman.launcher.log..",
                            "dev.pointsman.launcher.control..",
                            "dev.pointsman.launcher.watch.."))
                    .and(resideInAnyPackage(ALL)));

    @ArchTest
    static final ArchRule nobody_prints =
            noClasses().should().accessField(System.class, "out").orShould().accessField(System.class, "err");

    @ArchTest
    static final ArchRule nobody_sleeps = noClasses().should().callMethodWhere(reads(Set.of("java.lang.Thread.sleep")));

    private static DescribedPredicate<JavaClass> ours(String... allowed) {
        return DescribedPredicate.not(resideInAnyPackage(ALL))
                .or(resideInAnyPackage(allowed))
                .as("of ours only %s", String.join(", ", allowed));
    }

    private static DescribedPredicate<JavaMethodCall> reads(Set<String> methods) {
        return DescribedPredicate.describe(
                "any of " + methods,
                call -> methods.contains(call.getTargetOwner().getFullName() + "."
                        + call.getTarget().getName()));
    }
}
