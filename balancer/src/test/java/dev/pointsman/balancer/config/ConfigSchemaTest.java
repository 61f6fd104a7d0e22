package dev.pointsman.balancer.config;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.networknt.schema.JsonSchema;
import com.networknt.schema.JsonSchemaFactory;
import com.networknt.schema.SpecVersion.VersionFlag;
import com.networknt.schema.ValidationMessage;
import dev.pointsman.settings.Option;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.yaml.snakeyaml.LoaderOptions;
import org.yaml.snakeyaml.Yaml;
import org.yaml.snakeyaml.constructor.SafeConstructor;

/** What the schema says is compared with what the balancer does. */
class ConfigSchemaTest {
    private static final JsonSchema SCHEMA =
            JsonSchemaFactory.getInstance(VersionFlag.V7).getSchema(ConfigSchema.text());

    @TempDir
    private Path folder = Path.of(".");

    static List<String> good() {
        return List.of(
                "",
                "port: 8081\n",
                "port: '8081'\n",
                "port: ${PORT:-8081}\n",
                "port: 1_000\n",
                "dev: yes\nregister: 'No'\nfail-open: Off\n",
                "forwarded: RFC7239\n",
                "grace: 0s\ndrain: 3s\nattempt-timeout: '0'\n",
                "max-head: 16k\nmax-body: 65536\n",
                "host: 127.0.0.1\nhost-names: a.example,b.example\n",
                "include: conf.d/*.yaml\n",
                "include: [a*.yaml, b*.yaml]\n",
                "policy: hash:header:X-User\n",
                "route:\n  /a: one\n  /b: 7\n  /c: no\n",
                "route:\n  /a: {to: one, strip-prefix: true, host: instance}\n",
                "route:\n  /a: {to: one, strip-prefix: /x, max-fails: 3, response-timeout: 9s}\n",
                "route:\n  shop.example.com/:\n    - to: one\n      match: {method: GET, header: {X-V: 2}}\n    - two\n",
                "route:\n  /: {to: x, match: {method: [GET, HEAD], query: {beta: yes, empty: }}}\n",
                "route:\n  /: {upstreams: [http://127.0.0.1:1, {url: 'http://127.0.0.1:2', weight: 3, backup: yes}]}\n",
                "route:\n  /: {upstreams: http://127.0.0.1:1, health: /up, health-interval: 2s}\n",
                "route:\n  /: {split: [{to: a, weight: 95}, {to: b, weight: 5}]}\n",
                "route:\n  /: {redirect: '308,https://$host$path'}\n",
                "route:\n  /: {to: x, rate-limit: 100/s}\n",
                "route:\n  /: {to: x, rate-limit: {rate: 100/s, burst: 20}}\n",
                "route:\n  /: {to: x, request-headers: {set: {X-A: 1}, remove: [X-B]}}\n",
                "route:\n  /: {to: x, allow: [10.0.0.0/8, '::1'], deny: 10.1.0.0/16}\n",
                "route:\n  /: {to: x, cors: {origins: ['https://a.example']}, compress: true}\n",
                "route:\n  /: {to: x, rewrite: {match: '^/a', with: /b}}\n");
    }

    @ParameterizedTest
    @MethodSource("good")
    void what_the_balancer_accepts_is_valid(String text) throws IOException {
        assertThat(problems(text)).as("the balancer").isEmpty();
        assertThat(violations(text)).as("the schema").isEmpty();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "prot: 1\n",
                "port: [1]\n",
                "port: -1\n",
                "port: eighty\n",
                "port:\n",
                "drain: 3\n",
                "drain: 3 seconds\n",
                "dev: maybe\n",
                "forwarded: all\n",
                "max-head: 1 kB\n",
                "include: {a: b}\n",
                "route: /a\n",
                "route: [/a]\n",
                "route: {/a: {to: x, colour: red}}\n",
                "route: {/a: [[x]]}\n",
                "route: {/a: {to: x, match: {verb: GET}}}\n",
                "route: {/a: {to: x, match: GET}}\n",
                "route: {/a: {upstreams: [{url: 'http://127.0.0.1:1', wait: 1}]}}\n",
                "route: {/a: {split: [{to: a, weight: lots}]}}\n",
                "- port\n"
            })
    void what_is_not_valid_the_balancer_refuses(String text) throws IOException {
        assertThat(violations(text)).as("the schema").isNotEmpty();
        assertThat(problems(text)).as("the balancer").isNotEmpty();
    }

    /** Each key with its default and its example, as they stand in the documentation. */
    @Test
    void every_default_and_every_example_of_the_table_is_valid() throws IOException {
        for (var option : BalancerSettings.OWN.and(PickSettings.TABLE).options()) {
            if (option.byDefault() != null && !option.defaultText().equals("none")) {
                assertThat(violations(option.fileKey() + ": " + option.defaultText() + "\n"))
                        .as(option.key())
                        .isEmpty();
            }
            if (!option.example().isEmpty() && !option.key().equals(BalancerSettings.ROUTE_KEY)) {
                assertThat(violations(option.fileKey() + ": \"" + option.example() + "\"\n"))
                        .as(option.key())
                        .isEmpty();
            }
        }
        for (var option : RouteSettings.TABLE.options()) {
            if (!option.example().isEmpty()
                    && option.mainPart() == null
                    && option.parts().isEmpty()
                    && option.shape() != Option.Shape.MAP) {
                assertThat(violations("route: {/: {" + option.fileKey() + ": '" + option.example() + "'}}\n"))
                        .as(option.key())
                        .isEmpty();
            }
        }
    }

    static Stream<Path> examples() throws IOException {
        try (Stream<Path> files = Files.walk(Path.of("..", "docs"))) {
            return files.filter(file -> file.toString().endsWith(".md")).toList().stream();
        }
    }

    @ParameterizedTest
    @MethodSource("examples")
    void the_files_in_the_documentation_name_the_schema_and_are_valid(Path page) throws IOException {
        String text = Files.readString(page);
        for (String block : text.split("```yaml\n", -1)) {
            String yaml = block.split("```", 2)[0];
            if (yaml.startsWith("# yaml-language-server")) {
                assertThat(yaml).startsWith("# yaml-language-server: $schema=");
                assertThat(violations(yaml)).as(page + ": " + yaml).isEmpty();
            }
        }
    }

    @Test
    void it_is_shipped() {
        assertThat(ConfigSchema.class.getResource("/pointsman.schema.json")).isNotNull();
    }

    private static Set<ValidationMessage> violations(String yaml) throws IOException {
        Object loaded = new Yaml(new SafeConstructor(new LoaderOptions())).load(yaml);
        JsonNode node = new ObjectMapper().valueToTree(loaded);
        return SCHEMA.validate(node);
    }

    private List<String> problems(String text) throws IOException {
        ConfigReading reading =
                new ConfigSource(Files.writeString(folder.resolve("p.yaml"), text), List.of(), Map.of()).read();
        return reading instanceof RefusedConfig refused ? refused.problems() : List.of();
    }
}
