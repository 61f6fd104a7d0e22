package dev.pointsman.system;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.pointsman.system.KnownFlaw.FlawList;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.time.temporal.ChronoUnit;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** What the published modules bring has no flaw that is known and fixed: docs/known-flaws.txt. */
class KnownFlawsIT {
    private static final Path LIST =
            PublishedModule.parentPom().resolveSibling("docs").resolve("known-flaws.txt");
    private static final long OLD_DAYS = 60;

    /** The module of the command line is what the runnable jar is made of. */
    @ParameterizedTest
    @MethodSource("dev.pointsman.system.PublishedModule#all")
    void a_module_brings_nothing_with_a_known_flaw(PublishedModule module) throws IOException {
        FlawList list = KnownFlaw.read(Files.readAllLines(LIST));

        assertThat(KnownFlaw.problems(list.flaws(), module.testedDependencies()))
                .as(module.artifactId())
                .isEmpty();
    }

    /** An old checkout is to build all the same, so an old list is only spoken of. */
    @Test
    void the_list_has_a_day_on_which_it_was_checked() throws IOException {
        LocalDate checked = KnownFlaw.read(Files.readAllLines(LIST)).checked();

        long days = ChronoUnit.DAYS.between(checked, LocalDate.now(ZoneOffset.UTC));
        if (days > OLD_DAYS) {
            System.err.println("WARNING: docs/known-flaws.txt was last checked " + days
                    + " days ago; before a release see CONTRIBUTING.md");
        }
        assertThat(checked).isAfter(LocalDate.of(2026, 1, 1));
    }

    @Test
    void a_version_below_the_fixed_one_is_named_with_its_flaw() {
        FlawList list = KnownFlaw.read(List.of(
                "# words",
                "",
                "checked 2026-11-27",
                "a:b 4.2.18.Final CVE-2026-1234 bad things",
                "accepted c:d 5.1 CVE-2026-4321 not ours"));

        assertThat(KnownFlaw.problems(
                        list.flaws(),
                        List.of("a:b:jar:4.2.9.Final", "a:b:jar:linux:4.2.18.Final", "x:b:jar:1", "c:d:jar:5.0.12")))
                .containsExactly("a:b:jar:4.2.9.Final has CVE-2026-1234, fixed in 4.2.18.Final: bad things");
        assertThat(KnownFlaw.problems(list.flaws(), List.of("c:d:jar:5.1.0")))
                .singleElement()
                .asString()
                .contains("no longer has CVE-2026-4321");
        assertThatThrownBy(() -> KnownFlaw.read(List.of("checked 2026-11-27", "a:b CVE-2026-1")))
                .hasMessageContaining("a:b CVE-2026-1");
    }

    @Test
    void versions_are_compared_by_their_numbers() {
        assertThat(KnownFlaw.compare("4.2.20.Final", "4.2.18.Final")).isPositive();
        assertThat(KnownFlaw.compare("4.2.9.Final", "4.2.18.Final")).isNegative();
        assertThat(KnownFlaw.compare("33.8.0-jre", "32.0.0")).isPositive();
        assertThat(KnownFlaw.compare("2.5", "2.5.0")).isZero();
        assertThat(KnownFlaw.compare("5.1.0.CR1", "5.1.0")).isNegative();
        assertThat(KnownFlaw.compare("5.1.0-M2", "5.0.12")).isPositive();
    }
}
