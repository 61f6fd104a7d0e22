package dev.pointsman.balancer.config;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.BiFunction;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** A good file, broken in each of its lines in several ways: what is said about it is always of use. */
class BrokenConfigTest {
    private static final Pattern PROBLEM =
            Pattern.compile("[^:]+\\.yaml:[1-9]\\d*:[1-9]\\d*: .+expected.+", Pattern.DOTALL);

    private static final String GOOD = """
            # yaml-language-server: $schema=pointsman.schema.json
            port: 8080
            host: 127.0.0.1
            admin: 127.0.0.1:9901
            host-names: admin.example.com
            consul: http://127.0.0.1:8500
            sticky-secret: "0123456789abcdef"
            dev: no
            connect-timeout: &short 2s
            drain: *short
            trusted-proxies: 10.0.0.0/8,::1
            forwarded: both
            max-head: 16k
            policy: least-in-flight
            include:
              - conf.d/*.yaml
              - more.yaml
            route:
              /api: api-service
              shop.example.com/:
                to: shop
                strip-prefix: true
                response-timeout: ${SHOP_TIMEOUT:-90s}
                max-fails: 3
                health: /up
                health-interval: 2s
              "*.example.com/v2":
                - to: new
                  match:
                    method: [GET, HEAD]
                    header:
                      X-Version: "2"
                    query: {beta: yes}
                - to: old
              /static:
                upstreams:
                  - url: http://127.0.0.1:9001
                    weight: 3
                  - url: http://127.0.0.1:9002
                    backup: true
                rate-limit:
                  rate: 100/s
                  burst: 20
              /canary:
                split:
                  - {to: v1, weight: 95}
                  - to: v2
                    weight: 5
                request-headers:
                  set: {X-Route: a}
                  remove: [X-Debug]
              /old:
                redirect: 308,https://$host$path
            """;

    @TempDir
    private Path folder = Path.of(".");

    /** The ways to break the line with a number; the result is put in its place. */
    @SuppressWarnings("ImmutableEnumChecker") // functions without state
    private enum Breaking {
        DELETED((lines, i) -> ""),
        DOUBLED((lines, i) -> lines.get(i) + "\n" + lines.get(i)),
        INDENTED((lines, i) -> " " + lines.get(i)),
        INDENTED_BY_A_TAB((lines, i) -> "\t" + lines.get(i)),
        MOVED_TO_THE_LEFT((lines, i) -> lines.get(i).stripLeading()),
        WITH_A_VALUE_OF_RUBBISH((lines, i) -> lines.get(i).replaceFirst("(: |- )[^:]*$", "$1%!?")),
        WITH_A_NUMBER((lines, i) -> lines.get(i).replaceFirst("(: |- )[^:]*$", "$199999999999999999999")),
        WITH_NOTHING((lines, i) -> lines.get(i).replaceFirst("(: |- )[^:]*$", "$1~")),
        WITHOUT_ITS_VALUE((lines, i) -> lines.get(i).replaceFirst("(: |- )[^:]*$", "$1")),
        WITH_A_LIST((lines, i) -> lines.get(i).replaceFirst("(: |- )[^:]*$", "$1[[a], {b: c}]")),
        WITHOUT_ITS_COLON((lines, i) -> lines.get(i).replaceFirst(":", "")),
        WITH_A_TYPING_MISTAKE((lines, i) -> lines.get(i).replaceFirst("([a-z])([a-z])", "$2$1")),
        CUT_IN_HALF((lines, i) -> lines.get(i).substring(0, lines.get(i).length() / 2)),
        CUT_WITH_ALL_BEHIND_IT(
                (lines, i) -> lines.get(i).substring(0, lines.get(i).length() / 2) + "\u0000"),
        WITH_AN_OPEN_QUOTE((lines, i) -> lines.get(i) + " \""),
        WITH_AN_OPEN_VARIABLE((lines, i) -> lines.get(i) + "${");

        private final BiFunction<List<String>, Integer, String> breaks;

        Breaking(BiFunction<List<String>, Integer, String> breaks) {
            this.breaks = breaks;
        }

        String line(List<String> lines, int i) {
            return breaks.apply(lines, i);
        }
    }

    @Test
    void the_file_is_good() throws IOException {
        assertThat(problems(GOOD)).isEmpty();
    }

    @ParameterizedTest
    @EnumSource
    void each_problem_has_its_place_and_says_what_was_expected(Breaking breaking) throws IOException {
        List<String> lines = GOOD.lines().toList();
        int refused = 0;
        for (int i = 0; i < lines.size(); i++) {
            List<String> broken = new ArrayList<>(lines);
            broken.set(i, breaking.line(lines, i));
            List<String> problems = problems(String.join("\n", broken) + "\n");
            assertThat(problems)
                    .as("line %d: %s", i + 1, broken.get(i))
                    .allMatch(problem -> PROBLEM.matcher(problem).matches())
                    .allMatch(problem -> problem.lines().count() == 1)
                    .doesNotHaveDuplicates();
            refused += problems.isEmpty() ? 0 : 1;
        }
        assertThat(refused)
                .as("lines that cannot be broken so without a problem")
                .isGreaterThan(lines.size() / 8);
    }

    private List<String> problems(String text) throws IOException {
        Files.writeString(folder.resolve("more.yaml"), "grace: 2s\n");
        Path file = Files.writeString(folder.resolve("pointsman.yaml"), text);
        ConfigReading reading = new ConfigSource(file, List.of(), Map.of()).read();
        return reading instanceof RefusedConfig refused ? refused.problems() : List.of();
    }
}
