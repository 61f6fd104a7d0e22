package dev.pointsman.registry.junit;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/** README.md shows tests that run here. */
class ReadmeTest {
    private static final Path SOURCES = Path.of("src", "test", "java", "dev", "pointsman", "registry", "junit");
    private static final Pattern EXAMPLE = Pattern.compile("```java\\n(?s:(.*?class (\\w+) .*?))```");

    @Test
    void its_examples_are_tests_of_this_module() throws Exception {
        Matcher examples = EXAMPLE.matcher(Files.readString(Path.of("README.md")));
        int found = 0;
        while (examples.find()) {
            assertThat(SOURCES.resolve(examples.group(2) + ".java"))
                    .content()
                    .contains(examples.group(1).strip());
            found++;
        }
        assertThat(found).isEqualTo(2);
    }
}
