package dev.pointsman.launcher.plan;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.pointsman.launcher.plan.ProcessRules.StopSignal;
import dev.pointsman.settings.Setting;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class PlansTest {
    @TempDir
    @SuppressWarnings("NullAway.Init") // set by JUnit
    Path folder;

    private LaunchEnvironment environment;

    @BeforeEach
    void a_path_with_one_program() throws IOException {
        Path bin = Files.createDirectory(folder.resolve("bin"));
        Path node = Files.createFile(bin.resolve("node"));
        assertThat(node.toFile().setExecutable(true)).isTrue();
        environment = new LaunchEnvironment(3, folder, Map.of("PATH", bin.toString()));
    }

    @Test
    void a_type_and_a_command_are_enough() throws PlanException {
        ServicePlan plan = flags("api-service", "command=node", "command=app.js");

        assertThat(plan)
                .isEqualTo(ServicePlan.of("api-service", List.of("node", "app.js"))
                        .directory(folder)
                        .build());
    }

    @Test
    void everything_can_be_said_by_flags() throws Exception {
        Files.createDirectory(folder.resolve("src"));
        write("src/secrets", "TOKEN=t");

        ServicePlan plan = flags(
                "api-service",
                "command=node",
                "instances=max",
                "env=A=1",
                "env=B=x=y",
                "env-file=src/secrets",
                "cwd=src",
                "health=/health",
                "tag=blue",
                "meta=team=one",
                "start-timeout=2s",
                "stop-timeout=500ms",
                "max-restarts=unlimited",
                "max-memory=256m",
                "unhealthy-after=3",
                "drain-timeout=1m",
                "drain-pause=0s",
                "batch=2",
                "watch=src",
                "ignore=*.tmp",
                "stop-signal=int",
                "min-uptime=5s",
                "restart-delay=1s",
                "stop-exit-codes=0",
                "stop-exit-codes=143",
                "cron-restart=0 3 * * *",
                "wait-ready=is ready",
                "instance-var=NODE_APP_INSTANCE");

        assertThat(plan)
                .isEqualTo(ServicePlan.of("api-service", List.of("node"))
                        .instances(3)
                        .env(Map.of("A", "1", "B", "x=y"))
                        .envFiles(List.of(folder.resolve("src/secrets")))
                        .directory(folder.resolve("src"))
                        .healthPath("/health")
                        .tags(List.of("blue"))
                        .meta(Map.of("team", "one"))
                        .options(new InstanceOptions(
                                Duration.ofSeconds(2),
                                Duration.ofMillis(500),
                                -1,
                                256L << 20,
                                3,
                                Duration.ofMinutes(1),
                                Duration.ZERO,
                                2))
                        .watch(List.of(folder.resolve("src")))
                        .ignore(List.of("*.tmp"))
                        .restart(new RestartRules(
                                Duration.ofSeconds(5),
                                Duration.ofSeconds(1),
                                Set.of(0, 143),
                                new CronSchedule("0 3 * * *", ZoneId.systemDefault())))
                        .process(new ProcessRules("is ready", StopSignal.INT, "NODE_APP_INSTANCE"))
                        .build());
    }

    @Test
    void a_services_file_says_the_same_for_several_types() throws Exception {
        Files.createDirectory(folder.resolve("app"));
        Path file = write("services.yaml", """
                consul: http://10.0.0.1:8500
                services:
                  api-service:
                    command: LOG=all node "my app.js" --port $PORT
                    instances: 2
                    env: {MODE: fast, DEBUG: true}
                    cwd: app
                    tags: [blue, green]
                    meta: {team: 7}
                    max-memory: 1g
                    watch: app
                  webapp-service: node
                  other:
                    command: [node, "$PORT", "a|b"]
                """);

        Plans plans = Plans.ofFile(file, List.of(), List.of(), environment);

        assertThat(plans.consul()).isEqualTo("http://10.0.0.1:8500");
        assertThat(plans.services())
                .extracting(ServicePlan::type)
                .containsExactly("api-service", "webapp-service", "other");
        ServicePlan api = plans.services().get(0);
        assertThat(api.command()).containsExactly("node", "my app.js", "--port", "{port}");
        assertThat(api.env())
                .containsOnly(Map.entry("LOG", "all"), Map.entry("MODE", "fast"), Map.entry("DEBUG", "true"));
        assertThat(api.instances()).isEqualTo(2);
        assertThat(api.directory()).isEqualTo(folder.resolve("app"));
        assertThat(api.tags()).containsExactly("blue", "green");
        assertThat(api.meta()).containsOnly(Map.entry("team", "7"));
        assertThat(api.options().maxMemory()).isEqualTo(1L << 30);
        assertThat(api.watch()).containsExactly(folder.resolve("app"));
        assertThat(plans.services().get(1).command()).containsExactly("node");
        assertThat(plans.services().get(2).command())
                .as("a list is taken as it is")
                .containsExactly("node", "$PORT", "a|b");
    }

    @Test
    void flags_count_more_than_the_file_and_for_each_of_its_types() throws Exception {
        Path file = write("services.yaml", """
                services:
                  a: {command: node, instances: 2, tags: [x]}
                  b: {command: node}
                """);

        Plans plans = Plans.ofFile(
                file, List.of(), List.of(Setting.flag("instances", "5"), Setting.flag("tag", "y")), environment);

        assertThat(plans.services()).extracting(ServicePlan::instances).containsExactly(5, 5);
        assertThat(plans.services()).extracting(ServicePlan::tags).containsExactly(List.of("x", "y"), List.of("y"));
    }

    @Test
    void one_type_of_a_file_can_be_chosen() throws Exception {
        Path file = write("services.yaml", "services: {a: node, b: node}");

        assertThat(Plans.ofFile(file, List.of("b"), List.of(), environment).services())
                .extracting(ServicePlan::type)
                .containsExactly("b");
        assertThat(problems(file, List.of("c"))).containsExactly("--type: \"c\" (expected one of the file's: a, b)");
    }

    @Test
    void a_files_paths_are_relative_to_it_and_a_flags_to_where_it_was_typed() throws Exception {
        Files.createDirectories(folder.resolve("sub/code"));
        Path file = write("sub/services.yaml", "services: {a: {command: node, cwd: code}, b: node}");
        LaunchEnvironment typedIn = new LaunchEnvironment(1, folder, environment.variables());

        Plans plans = Plans.ofFile(file, List.of(), List.of(Setting.flag("watch", "sub")), typedIn);

        assertThat(plans.services())
                .extracting(ServicePlan::directory)
                .containsExactly(folder.resolve("sub/code"), folder.resolve("sub"));
        assertThat(plans.services().get(0).watch()).containsExactly(folder.resolve("sub"));
    }

    @Test
    void links_in_paths_stay_so_that_a_deploy_by_a_moved_link_is_followed() throws Exception {
        Files.createDirectories(folder.resolve("releases/1/code"));
        Files.createDirectories(folder.resolve("releases/shared"));
        Path current = Files.createSymbolicLink(folder.resolve("current"), Path.of("releases/1"));
        write("releases/1/services.yaml", "services: {a: {command: node, watch: ., cwd: code}, b: {command: node}}");
        write("releases/1/Procfile", "web: node");
        LaunchEnvironment inside = new LaunchEnvironment(1, current, environment.variables());

        for (Path file : List.of(current.resolve("services.yaml"), Path.of("services.yaml"), Path.of("./Procfile"))) {
            // What is relative is so to the folder of the process, which the test cannot change.
            Path there = file.isAbsolute() ? file : current.resolve(file);
            assertThat(Plans.ofFile(there, List.of(), List.of(), inside).services())
                    .extracting(ServicePlan::directory)
                    .isSubsetOf(current.resolve("code"), current);
        }
        Plans typed =
                Plans.ofFlags("a", List.of(Setting.flag("command", "node"), Setting.flag("watch", "code")), inside);
        assertThat(typed.services().get(0).directory()).isEqualTo(current);
        assertThat(typed.services().get(0).watch()).containsExactly(current.resolve("code"));
        Plans above =
                Plans.ofFlags("a", List.of(Setting.flag("command", "node"), Setting.flag("cwd", "../shared")), inside);
        assertThat(above.services().get(0).directory()).isEqualTo(current.resolve("../shared"));
    }

    @Test
    void an_env_file_of_a_file_is_relative_to_it_and_what_is_wrong_with_it_is_said_with_all_the_rest()
            throws Exception {
        Files.createDirectory(folder.resolve("sub"));
        write("sub/db.env", "PATH=/nowhere\nA B=secret");
        Path file = write(
                "sub/services.yaml",
                "services: {a: {command: node, env-file: db.env}, b: {command: node, env-file: c}}");

        assertThat(problems(file, List.of()))
                .containsExactly(
                        folder.resolve("sub/db.env")
                                + ":2: no NAME=VALUE (what stands there is not shown, as it may be secret)",
                        folder.resolve("sub/c")
                                + ": there is no such file (expected: one with lines such as NAME=VALUE)");

        write("sub/db.env", "PATH=/nowhere");
        assertThat(problems(file, List.of("a"))).singleElement().asString().contains("a program on the PATH");

        write("sub/db.env", "TOKEN=t");
        Plans plans = Plans.ofFile(file, List.of("a"), List.of(Setting.flag("env-file", "sub/db.env")), environment);
        assertThat(plans.services().get(0).envFiles())
                .containsExactly(folder.resolve("sub/db.env"), folder.resolve("sub/db.env"));
        assertThat(plans.services().get(0).env()).isEmpty();
    }

    @Test
    void a_procfile_is_read_too() throws Exception {
        Path file = write("Procfile", """
                # what runs
                web: NODE_ENV=production node web.js -p $PORT

                worker: node worker.js
                """);

        Plans plans = Plans.ofFile(file, List.of(), List.of(), environment);

        assertThat(plans.services()).extracting(ServicePlan::type).containsExactly("web", "worker");
        assertThat(plans.services().get(0).command()).containsExactly("node", "web.js", "-p", "{port}");
        assertThat(plans.services().get(0).env()).containsOnly(Map.entry("NODE_ENV", "production"));
    }

    @Test
    void everything_that_is_wrong_with_flags_is_said_at_once() {
        PlanException refused = catchThrowableOfType(
                PlanException.class,
                () -> flags(
                        null,
                        "instances=many",
                        "env=A",
                        "env=PORT=80",
                        "cwd=nowhere",
                        "health=health",
                        "meta=a b=1",
                        "start-timeout=2",
                        "max-restarts=-1",
                        "max-memory=lots",
                        "batch=0",
                        "watch=nowhere",
                        "ignore=[",
                        "stop-exit-codes=256",
                        "cron-restart=at night",
                        "stop-signal=kill",
                        "wait-ready= ",
                        "instance-var=PORT",
                        "command=nodee"));

        assertThat(refused.problems())
                .containsExactly(
                        "--type: missing (expected: the name that the instances are to have in the registry)",
                        "--cwd: \"nowhere\" (expected: a folder that is there)",
                        "--env: \"A\" (expected: NAME=VALUE)",
                        "--env: PORT (expected: no PORT: each instance is given its own)",
                        "--command: \"nodee\" (expected: a program on the PATH, or the path of one, relative to where it"
                                + " runs)",
                        "--instances: \"many\" (expected: a whole number from 0 to 1000, or max)",
                        "--health: health path: health (expected: a path that begins with / and has no query)",
                        "--meta: metadata key: a b (expected: 1 to 128 letters, digits, dashes or underscores)",
                        "--start-timeout: \"2\" (expected: a time such as 500ms, 2s, 5m or 1h, from 1ms to 24h)",
                        "--max-restarts: \"-1\" (expected: a whole number from 0 to 1000000, or unlimited)",
                        "--max-memory: \"lots\" (expected: a size in bytes such as 65536, 512m or 2g; 0 for no limit)",
                        "--batch: \"0\" (expected: a whole number from 1 to 1000)",
                        "--watch: \"nowhere\" (expected: a folder that is there)",
                        "--ignore: \"[\" (expected: a pattern such as *.log or build/**)",
                        "--stop-exit-codes: \"256\" (expected: a whole number from 0 to 255)",
                        "--cron-restart: \"at night\" (expected: minute, hour, day of the month, month and day of the week,"
                                + " such as \"0 3 * * *\" for every night at three)",
                        "--instance-var: \"PORT\" (expected: the name of a variable that is not given to each instance"
                                + " anyway, such as NODE_APP_INSTANCE)",
                        "--wait-ready: \" \" (expected: something other than blanks)",
                        "--stop-signal: \"kill\" (expected: term, int, quit, hup, usr1 or usr2)");
    }

    @Test
    void a_missing_command_is_not_laid_to_the_type() {
        PlanException refused = catchThrowableOfType(PlanException.class, () -> flags("api", "instances=2"));

        assertThat(refused.problems())
                .containsExactly("no command (expected: after --, the program to run, and its arguments)");
    }

    @Test
    void everything_that_is_wrong_with_a_file_is_said_at_once_each_with_its_place() throws Exception {
        Path file = write("services.yaml", """
                consull: x
                services:
                  api service: node
                  b:
                    instances: [1]
                    colour: blue
                    env: 7
                    tags: {a: b}
                  c:
                    command: node | tee
                """);

        assertThat(problems(file, List.of()))
                .containsExactly(
                        file
                                + ":1:1: consull: there is no such setting (expected one of: advertise, consul, services). Did you mean"
                                + " consul?",
                        file + ":5:16: b: instances: a list, a mapping or nothing (expected: one value)",
                        file
                                + ":6:5: b: colour: there is no such setting (expected one of: batch, command, cron-restart,"
                                + " cwd, drain-pause, drain-timeout, env, env-file, health, ignore, instance-var, instances,"
                                + " max-memory, max-restarts, meta, min-uptime, restart-delay, start-timeout,"
                                + " stop-exit-codes, stop-signal, stop-timeout, tags, unhealthy-after, wait-ready, watch)",
                        file + ":7:10: b: env: not a mapping (expected: lines such as NAME: VALUE)",
                        file
                                + ":8:11: b: tags: a mapping or nothing, or a list of such (expected: one value, or a list of"
                                + " them)",
                        file
                                + ":10:14: c: command: \"node | tee\": '|' is for a shell, and none is in between (expected: a"
                                + " program and its arguments; {port} for the port, and sh -c '...' where a shell is"
                                + " needed)",
                        file
                                + ":3:3: api service: type: api service (expected: 1 to 64 letters, digits, dots, dashes or"
                                + " underscores, beginning with a letter or digit)",
                        file + ":4:3: b: no command (expected: the program to run, and its arguments)");
    }

    @Test
    void a_line_of_a_procfile_that_is_none_is_named_by_its_number() throws Exception {
        Path file = write("Procfile", "web node\n\nweb: node\nweb: node\n");

        assertThat(problems(file, List.of()))
                .containsExactly(
                        file + ":1:1: \"web node\" (expected: NAME: COMMAND)",
                        file + ":4:1: web stands twice (expected: each name once)");
    }

    @Test
    void a_tab_in_a_file_is_called_a_tab() throws Exception {
        assertThat(problems(write("tab.yaml", "services:\n\tapi: node\n"), List.of()))
                .singleElement()
                .asString()
                .contains("tab.yaml:2:1: not YAML (")
                .contains("TAB");
    }

    @Test
    void what_is_no_yaml_or_has_no_services_gets_one_sentence() throws Exception {
        assertThat(problems(write("a.yaml", "services: [\n"), List.of()))
                .singleElement()
                .asString()
                .contains("a.yaml:2:1: ")
                .contains("not YAML");
        assertThat(problems(write("b.yaml", ""), List.of()))
                .singleElement()
                .asString()
                .contains("no services");
        assertThat(problems(write("c.yaml", "services: {a: node, a: node}"), List.of()))
                .singleElement()
                .asString()
                .contains("c.yaml:1:21: a stands twice");
        assertThat(problems(write("d.txt", ""), List.of()))
                .singleElement()
                .asString()
                .contains("or Procfile");
        assertThat(problems(folder.resolve("none.yaml"), List.of()))
                .singleElement()
                .asString()
                .contains("a file that can be read");
    }

    private List<String> problems(Path file, List<String> only) {
        PlanException refused =
                catchThrowableOfType(PlanException.class, () -> Plans.ofFile(file, only, List.of(), environment));
        return refused.problems();
    }

    /** @param settings each {@code KEY=VALUE} */
    private ServicePlan flags(@Nullable String type, String... settings) throws PlanException {
        List<Setting> flags = new ArrayList<>();
        for (String setting : settings) {
            int equals = setting.indexOf('=');
            flags.add(Setting.flag(setting.substring(0, equals), setting.substring(equals + 1)));
        }
        return Plans.ofFlags(type, flags, environment).services().get(0);
    }

    private Path write(String name, String text) throws IOException {
        return Files.writeString(folder.resolve(name), text);
    }
}
