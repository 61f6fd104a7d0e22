package dev.pointsman.registry.embedded;

import static com.tngtech.archunit.core.domain.JavaClass.Predicates.simpleName;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;

import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.lang.ArchRule;
import dev.pointsman.testkit.Rules;

/** What the poms do not hold: which part of registry-agent this module uses, and which of its classes are plain Java. */
@AnalyzeClasses(packages = "dev.pointsman.registry.embedded", importOptions = Rules.MainCode.class)
class EmbeddedRegistryArchitectureTest {
    @ArchTest
    static final ArchRule the_embedded_registry_knows_the_registry_s_facts_and_how_a_port_is_read_alone = classes()
            .should()
            .onlyDependOnClassesThat(
                    Rules.ours("dev.pointsman.registry", "dev.pointsman.http", "dev.pointsman.registry.embedded.."));

    @ArchTest
    static final ArchRule the_catalog_knows_neither_vertx_nor_netty = noClasses()
            .that(simpleName("Catalog"))
            .should()
            .dependOnClassesThat()
            .resideInAnyPackage("io.vertx..", "io.netty..");

    @ArchTest
    static final ArchRule the_catalog_is_given_its_clock =
            noClasses().that(simpleName("Catalog")).should().accessTargetWhere(Rules.readsAClock());
}
