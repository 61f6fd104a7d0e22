package dev.pointsman.system;

import static dev.pointsman.system.Cluster.API;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

/** The afternoon of somebody who comes from PM2, with a program in Node and its ecosystem file, both unchanged. */
class FromPm2IT {
    /** As PM2's documentation has such programs: it says when it is ready, and closes at SIGINT. */
    private static final String PROGRAM = """
            const http = require('http');
            const server = http.createServer((request, response) =>
              response.end(`plain response from ${process.pid}\\n`));
            setTimeout(() => server.listen(process.env.PORT, '127.0.0.1', () =>
              setTimeout(() => process.send('ready'), 300)), 100);
            process.on('SIGINT', () => {
              console.log(`closing number ${process.env.NODE_APP_INSTANCE} of ${process.env.NODE_ENV}`);
              server.close(() => process.exit(0));
              server.closeIdleConnections();
            });
            """;

    private static final String ECOSYSTEM = """
            {
            \t// what pm2 start takes
            \t"apps": [{
            \t\t"name": "api-service", "script": "./app.js", "instances": 2, "exec_mode": "cluster",
            \t\t"wait_ready": true, "kill_timeout": 3000, "merge_logs": true, "max_memory_restart": "300M",
            \t\t"env": { "NODE_ENV": "development", "PORT": 3000 },
            \t\t"env_production": { "NODE_ENV": "production" },
            \t}]
            }
            """;

    @RegisterExtension
    final Cluster cluster = new Cluster();

    @TempDir
    @SuppressWarnings("NullAway.Init") // set by JUnit
    Path home;

    private final Map<String, String> environment = new HashMap<>();

    @BeforeEach
    void a_program_for_pm2() throws IOException {
        assumeTrue(
                Arrays.stream(System.getenv("PATH").split(File.pathSeparator, -1))
                        .anyMatch(folder -> Files.isExecutable(Path.of(folder, "node"))),
                "there is no node on the PATH");
        Files.writeString(home.resolve("app.js"), PROGRAM);
        Files.writeString(home.resolve("ecosystem.config.json"), ECOSYSTEM);
        environment.put("XDG_RUNTIME_DIR", home.toString());
        environment.put("XDG_STATE_HOME", home.resolve("state").toString());
    }

    @AfterEach
    void nothing_is_left() {
        assertThat(command("delete", "--all").awaitExit()).isLessThanOrEqualTo(1);
    }

    @Test
    void the_same_ecosystem_file_runs_is_replaced_under_load_saved_and_resurrected() throws Exception {
        Program unused = cluster.startRegistry(0);
        environment.put("CONSUL_HTTP_ADDR", cluster.registry());
        String services = home.resolve("services.yaml").toString();
        done("import", home.resolve("ecosystem.config.json").toString(), "--env", "production", "-o", services);
        assertThat(done("run", "-f", services, "--detach")).contains("2 instances are up");
        BalancerProcess balancer = cluster.balancer();
        balancer.awaitReadyInstances(API, 2);
        Load load = cluster.load(balancer, "/api/x");

        assertThat(done("reload", API)).contains("2 instances of api-service replaced.");
        assertThat(done("restart", API)).contains("2 instances of api-service restarted.");
        load.endsWithoutFailure();

        assertThat(done("logs", API, "-n", "100"))
                .contains(" | closing number 0 of production", " | closing number 1 of production");
        assertThat(done("describe", API)).contains("./app.js").doesNotContain("production");
        assertThat(done("env", API)).contains("NODE_ENV=production\n", "NODE_APP_INSTANCE=");
        assertThat(done("pid", API).lines()).hasSize(2).allMatch(line -> line.matches("\\d+"));
        done("scale", API, "3");
        done("save");
        done("delete", API);
        balancer.awaitReadyInstances(API, 0);

        assertThat(done("resurrect")).contains("3 instances are up");

        balancer.awaitReadyInstances(API, 3);
        assertThat(done("monit", "--once")).contains("1 launcher, 3 instances: 3 running");
        done("flush");
        assertThat(command("logs", API).awaitExit()).isEqualTo(1);
    }

    /** What a command says that ends with 0. */
    private String done(String... words) {
        Program command = command(words);
        assertThat(command.awaitExit())
                .as(String.join(" ", words) + ": " + command.output())
                .isZero();
        return command.output();
    }

    private Program command(String... words) {
        List<String> arguments = new ArrayList<>(List.of(words).subList(1, words.length));
        return cluster.start(words[0], environment, Jar.command(words[0], arguments.toArray(String[]::new)));
    }
}
