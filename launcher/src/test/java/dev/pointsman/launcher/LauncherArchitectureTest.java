package dev.pointsman.launcher;

import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAPackage;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAnyPackage;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.simpleName;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;

import com.tngtech.archunit.base.DescribedPredicate;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.lang.ArchRule;
import dev.pointsman.testkit.Rules;

/**
 * The floors of the launcher. From the bottom: api, loop, plan, process and watch know no other package of it; control, log and
 * drain stand on one of these each; run stands on all of them but control, log and watch; the root package stands on run.
 */
@AnalyzeClasses(packages = "dev.pointsman.launcher", importOptions = Rules.MainCode.class)
class LauncherArchitectureTest {
    private static final String LAUNCHER = "dev.pointsman.launcher";
    /** Decisions: no I/O, and no clock that was not handed in. */
    private static final DescribedPredicate<JavaClass> PLAIN = resideInAnyPackage(
                    "dev.pointsman.launcher.api", "dev.pointsman.launcher.run")
            .and(DescribedPredicate.not(simpleName("VertxHealthProbe")))
            .or(resideInAPackage("dev.pointsman.launcher.drain")
                    .and(simpleName("DrainCoordinator").or(simpleName("PollSchedule"))))
            .as("the plain classes");

    @ArchTest
    static final ArchRule the_api_knows_no_other_package = knows("api");

    @ArchTest
    static final ArchRule the_loop_knows_no_other_package = knows("loop");

    @ArchTest
    static final ArchRule watches_know_no_other_package = knows("watch");

    @ArchTest
    static final ArchRule processes_know_nothing_of_services = knows("process");

    @ArchTest
    static final ArchRule plans_know_the_agent_s_options_and_the_settings = classes()
            .that()
            .resideInAPackage(LAUNCHER + ".plan")
            .should()
            .onlyDependOnClassesThat(Rules.ours("dev.pointsman.agent", "dev.pointsman.settings..", LAUNCHER + ".plan"));

    @ArchTest
    static final ArchRule control_knows_the_api_alone = knows("control", LAUNCHER + ".api");

    @ArchTest
    static final ArchRule logs_know_the_api_alone = knows("log", LAUNCHER + ".api");

    @ArchTest
    static final ArchRule drains_know_the_loop_and_the_registry =
            knows("drain", LAUNCHER + ".loop", "dev.pointsman.registry");

    @ArchTest
    static final ArchRule running_instances_knows_the_floors_below = knows(
            "run",
            LAUNCHER + ".api",
            LAUNCHER + ".drain",
            LAUNCHER + ".loop",
            LAUNCHER + ".plan",
            LAUNCHER + ".process",
            "dev.pointsman.agent",
            "dev.pointsman.registry");

    @ArchTest
    static final ArchRule the_roof_is_known_to_no_floor = noClasses()
            .that()
            .resideInAPackage(LAUNCHER + ".*")
            .should()
            .dependOnClassesThat()
            .resideInAPackage(LAUNCHER);

    @ArchTest
    static final ArchRule the_launcher_knows_the_agent_the_registry_and_the_settings = classes()
            .should()
            .onlyDependOnClassesThat(Rules.ours(
                    "dev.pointsman.registry",
                    "dev.pointsman.registry.consul",
                    "dev.pointsman.agent",
                    "dev.pointsman.settings..",
                    LAUNCHER + ".."));

    @ArchTest
    static final ArchRule packages_are_free_of_cycles =
            slices().matching("dev.pointsman.(**)").should().beFreeOfCycles();

    @ArchTest
    static final ArchRule jna_is_the_reaper_s_alone = noClasses()
            .that(DescribedPredicate.not(resideInAPackage(LAUNCHER + ".process")))
            .should()
            .dependOnClassesThat()
            .resideInAPackage("com.sun.jna..");

    @ArchTest
    static final ArchRule plain_classes_know_neither_vertx_nor_netty =
            noClasses().that(PLAIN).should().dependOnClassesThat().resideInAnyPackage("io.vertx..", "io.netty..");

    @ArchTest
    static final ArchRule plain_classes_are_given_their_clock =
            noClasses().that(PLAIN).should().accessTargetWhere(Rules.readsAClock());

    private static ArchRule knows(String name, String... allowed) {
        String[] all = new String[allowed.length + 1];
        System.arraycopy(allowed, 0, all, 0, allowed.length);
        all[allowed.length] = LAUNCHER + "." + name;
        return classes()
                .that()
                .resideInAPackage(LAUNCHER + "." + name)
                .should()
                .onlyDependOnClassesThat(Rules.ours(all));
    }
}
