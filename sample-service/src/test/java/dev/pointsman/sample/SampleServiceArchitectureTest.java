package dev.pointsman.sample;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;

import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.lang.ArchRule;
import dev.pointsman.testkit.Rules;

/** The sample does with the library what a reader would do with it. */
@AnalyzeClasses(packages = "dev.pointsman.sample", importOptions = Rules.MainCode.class)
class SampleServiceArchitectureTest {
    @ArchTest
    static final ArchRule the_sample_uses_what_the_library_offers_to_authors_of_services = classes()
            .should()
            .onlyDependOnClassesThat(Rules.ours(
                    "dev.pointsman.sample",
                    "dev.pointsman.agent",
                    "dev.pointsman.client",
                    "dev.pointsman.registry",
                    "dev.pointsman.registry.consul"));
}
