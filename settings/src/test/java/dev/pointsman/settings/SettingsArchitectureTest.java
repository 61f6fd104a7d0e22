package dev.pointsman.settings;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;

import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.lang.ArchRule;
import dev.pointsman.testkit.Rules;

/** That this module knows no other one is a matter of its pom. */
@AnalyzeClasses(packages = "dev.pointsman.settings", importOptions = Rules.MainCode.class)
class SettingsArchitectureTest {
    @ArchTest
    static final ArchRule settings_do_not_depend_on_the_time =
            noClasses().should().accessTargetWhere(Rules.readsAClock());
}
