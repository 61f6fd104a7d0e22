package dev.pointsman.cli.pm2;

import static org.assertj.core.api.Assertions.assertThat;

import dev.pointsman.launcher.plan.LaunchEnvironment;
import dev.pointsman.launcher.plan.PlanException;
import dev.pointsman.launcher.plan.Plans;
import dev.pointsman.launcher.plan.ServicePlan;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Ecosystem files as people have them, what becomes of them, and that 'run' takes it. */
class EcosystemConversionTest {
    private static final Path CASES = Path.of("src", "test", "resources", "pm2");

    @TempDir
    @SuppressWarnings("NullAway.Init") // set by JUnit
    Path folder;

    private Path bin = Path.of("/");

    @BeforeEach
    void programs() throws IOException {
        bin = Files.createDirectories(folder.resolve("path"));
        for (String name : List.of("node", "npm", "bash", "python3", "gunicorn")) {
            program(bin.resolve(name));
        }
        program(folder.resolve("server"));
        program(folder.resolve("bin/www"));
        program(folder.resolve("node_modules/.bin/ts-node"));
        Files.createDirectories(folder.resolve("dist"));
        Files.createDirectories(folder.resolve("config"));
        Files.createDirectories(folder.resolve("web/node_modules/next/dist/bin"));
        Files.writeString(folder.resolve("web/node_modules/next/dist/bin/next"), "#!/usr/bin/env node\n");
    }

    private static void program(Path file) throws IOException {
        Files.createDirectories(file.getParent());
        Files.createFile(file);
        assertThat(file.toFile().setExecutable(true)).isTrue();
    }

    /** With {@code -Dpointsman.docs=write} what is expected is written anew, to be read before it is committed. */
    @ParameterizedTest
    @ValueSource(
            strings = {
                "express-cluster.json",
                "next.json",
                "npm-start.json",
                "commented.json",
                "python.json",
                "cron.json",
                "six-fields.json",
                "users.yml",
                "package.json",
                "deploy.json",
                "typescript.json",
                "misspelled.json"
            })
    void a_file_becomes_what_was_read_by_a_person_and_found_right(String name) throws Exception {
        Path source = Files.copy(CASES.resolve(name), folder.resolve(name));
        Path expected = CASES.resolve(name.replaceFirst("\\.\\w+$", "") + ".expected.yaml");

        String converted = convert(source, null);

        if ("write".equals(System.getProperty("pointsman.docs"))) {
            Files.writeString(expected, converted);
        }
        assertThat(converted).isEqualTo(Files.readString(expected));
        assertThat(plans(converted)).isNotEmpty();
    }

    @Test
    void the_environment_that_is_asked_for_counts_more() throws Exception {
        Path source = Files.copy(CASES.resolve("express-cluster.json"), folder.resolve("ecosystem.json"));

        ServicePlan plan = plans(convert(source, "production")).get(0);

        assertThat(plan.env()).containsEntry("NODE_ENV", "production").doesNotContainKey("PORT");
    }

    @Test
    void what_is_no_text_in_an_environment_is_json_whatever_is_in_it() throws Exception {
        Path source = Files.writeString(
                folder.resolve("ecosystem.json"),
                "{\"script\": \"a.js\", \"env\": {\"DATA\": {\"lines\": [\"tab\\there\", \"\\u001b\", 7]}}}");

        ServicePlan plan = plans(convert(source, null)).get(0);

        assertThat(plan.env()).containsEntry("DATA", "{\"lines\":[\"tab\\there\",\"\\u001B\",7]}");
    }

    @Test
    void from_another_folder_paths_are_whole() throws Exception {
        Path source = Files.copy(CASES.resolve("next.json"), folder.resolve("ecosystem.json"));
        Path elsewhere = Files.createDirectory(folder.resolve("elsewhere"));
        List<String> problems = new ArrayList<>();
        EcosystemFile read = EcosystemFile.read(source, source, problems);

        String text = new EcosystemConversion(read, folder, elsewhere, null, bin.toString(), 4).convert();

        assertThat(problems).isEmpty();
        assertThat(text).contains("cwd: " + folder.resolve("web") + "\n");
    }

    @Test
    void everything_that_is_not_as_it_was_is_told_with_its_place() throws Exception {
        Path source = Files.copy(CASES.resolve("misspelled.json"), folder.resolve("ecosystem.json"));
        EcosystemFile read = EcosystemFile.read(source, Path.of("ecosystem.json"), new ArrayList<>());
        EcosystemConversion conversion = new EcosystemConversion(read, folder, folder, null, bin.toString(), 4);

        String text = conversion.convert();

        assertThat(text).contains("  api:\n");
        assertThat(conversion.isWhole()).isFalse();
        assertThat(conversion.told())
                .contains(
                        "ecosystem.json:3:7: api: nmae: left out: PM2 has no such key. Did you mean name?",
                        "ecosystem.json:3:42: api: max_memory_restrat: left out: PM2 has no such key. Did you mean"
                                + " max_memory_restart?",
                        "ecosystem.json:4:5: no script (expected: what is to be started), and so no type");
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "{}", "[]", "{\"apps\": []}", "7", "{\"apps\": [7]}", "{\"apps\": [{", "not: [closed"})
    void what_is_no_ecosystem_file_has_one_clear_sentence(String text) throws Exception {
        Path file = Files.writeString(folder.resolve("ecosystem.json"), text);
        List<String> problems = new ArrayList<>();

        EcosystemFile.read(file, Path.of("ecosystem.json"), problems);

        assertThat(problems).hasSize(1).allMatch(problem -> problem.startsWith("ecosystem.json"));
    }

    /** Every key that PM2 or we know stands in the page, so that nobody looks for one in vain. */
    @Test
    void the_page_names_every_key() throws IOException {
        String page = Files.readString(Path.of("..", "docs", "pm2.md"));

        assertThat(EcosystemKeys.names()).allSatisfy(key -> assertThat(page).contains("`" + key + "`"));
    }

    private String convert(Path source, @Nullable String environment) {
        List<String> problems = new ArrayList<>();
        EcosystemFile read = EcosystemFile.read(source, source.getFileName(), problems);
        assertThat(problems).isEmpty();
        return new EcosystemConversion(read, folder, folder, environment, bin.toString(), 4).convert();
    }

    private List<ServicePlan> plans(String text) throws IOException, PlanException {
        Path file = Files.writeString(folder.resolve("services.yaml"), text);
        return Plans.ofFile(
                        file, List.of(), List.of(), new LaunchEnvironment(4, folder, Map.of("PATH", bin.toString())))
                .services();
    }
}
