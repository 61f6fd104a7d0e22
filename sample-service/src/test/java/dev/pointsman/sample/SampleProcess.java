package dev.pointsman.sample;

import static org.assertj.core.api.Assertions.assertThat;

import dev.pointsman.testkit.JavaCommand;
import dev.pointsman.testkit.Signals;
import dev.pointsman.testkit.TestHttp;
import java.io.BufferedReader;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A sample service in a process of its own, which serves.
 *
 * @param rest what it said behind where it serves
 */
record SampleProcess(Process process, long pid, TestHttp http, String rest) {
    private static final Pattern STARTED = Pattern.compile("(\\S+) \\(pid (\\d+)\\) serves on (http://\\S+?), (.*)");

    static SampleProcess start(String registry, String... args) throws IOException {
        List<String> command = new ArrayList<>(Signals.likeInATerminal());
        command.addAll(JavaCommand.ofMain(SampleService.class, args));
        ProcessBuilder builder = new ProcessBuilder(command).redirectError(ProcessBuilder.Redirect.INHERIT);
        builder.environment().put("CONSUL_HTTP_ADDR", registry);
        Process process = builder.start();
        BufferedReader out = process.inputReader();
        String line = String.valueOf(out.readLine());
        Matcher said = STARTED.matcher(line);
        if (!said.matches()) {
            process.destroyForcibly();
        }
        assertThat(said.matches()).as("what it said: %s", line).isTrue();
        return new SampleProcess(process, Long.parseLong(said.group(2)), new TestHttp(said.group(3)), said.group(4));
    }

    void signal(String name) throws IOException, InterruptedException {
        new ProcessBuilder("kill", "-" + name, Long.toString(pid)).start().waitFor();
    }
}
