package dev.pointsman.client;

import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAPackage;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.methods;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;

import com.tngtech.archunit.base.DescribedPredicate;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaMethod;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.lang.ArchCondition;
import com.tngtech.archunit.lang.ArchRule;
import com.tngtech.archunit.lang.ConditionEvents;
import com.tngtech.archunit.lang.SimpleConditionEvent;
import dev.pointsman.testkit.Rules;
import java.util.stream.Stream;

/** The directions of imports between the packages of this module, and what its API shows. */
@AnalyzeClasses(packages = "dev.pointsman.client", importOptions = Rules.MainCode.class)
class ClientArchitectureTest {
    private static final String API = "dev.pointsman.client";
    private static final String INTERNAL = "dev.pointsman.client.internal..";

    /** The types of the API that put the inner packages together; all others are values. */
    private static final DescribedPredicate<JavaClass> ASSEMBLY = DescribedPredicate.describe(
            "put the client together",
            type -> type.isEquivalentTo(ServiceClient.class) || type.isEquivalentTo(ServiceRequest.class));

    @ArchTest
    static final ArchRule inner_packages_know_the_values_of_the_api_alone =
            noClasses().that().resideInAPackage(INTERNAL).should().dependOnClassesThat(ASSEMBLY);

    @ArchTest
    static final ArchRule values_know_nothing_of_the_inner_packages = noClasses()
            .that()
            .resideInAPackage(API)
            .and(DescribedPredicate.not(ASSEMBLY))
            .should()
            .dependOnClassesThat()
            .resideInAPackage(INTERNAL);

    @ArchTest
    static final ArchRule inner_packages_are_free_of_cycles =
            slices().matching("dev.pointsman.client.internal.(*)..").should().beFreeOfCycles();

    @ArchTest
    static final ArchRule following_services_takes_no_http = noClasses()
            .that()
            .resideInAPackage("dev.pointsman.client.internal.follow..")
            .should()
            .dependOnClassesThat()
            .resideInAnyPackage("io.vertx.core.http..", "java.net.http..");

    @ArchTest
    static final ArchRule the_api_shows_no_inner_type = methods()
            .that()
            .areDeclaredInClassesThat()
            .resideInAPackage(API)
            .and()
            .arePublic()
            .should(showNoInnerType());

    @ArchTest
    static final ArchRule the_client_knows_the_balancer_s_classes_by_their_modules_alone = noClasses()
            .should()
            .dependOnClassesThat()
            .resideInAnyPackage(
                    "dev.pointsman.balancer..",
                    "dev.pointsman.settings..",
                    "dev.pointsman.launcher..",
                    "dev.pointsman.registry.embedded..");

    private static ArchCondition<JavaMethod> showNoInnerType() {
        DescribedPredicate<JavaClass> inner = resideInAPackage(INTERNAL);
        return new ArchCondition<>("show no inner type") {
            @Override
            public void check(JavaMethod method, ConditionEvents events) {
                Stream.concat(method.getAllInvolvedRawTypes().stream(), Stream.of(method.getRawReturnType()))
                        .filter(inner)
                        .forEach(type -> events.add(SimpleConditionEvent.violated(
                                method, method.getFullName() + " shows " + type.getName())));
            }
        };
    }
}
