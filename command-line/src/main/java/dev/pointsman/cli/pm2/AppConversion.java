package dev.pointsman.cli.pm2;

import dev.pointsman.launcher.plan.CronSchedule;
import java.nio.file.Path;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** The conversion of one app into the settings of a type. For one use. */
final class AppConversion {
    private static final Pattern VARIABLE = Pattern.compile("[A-Za-z_][A-Za-z0-9_.-]*");
    private static final long LONGEST_MILLIS = 24 * 3_600_000L;
    private static final String READY = "ready";

    private final AppValues values;
    private final Surroundings around;
    private final Path folder;
    private final List<String> notes = new ArrayList<>();
    private final Map<String, Object> settings = new LinkedHashMap<>();
    private final Map<String, String> env = new LinkedHashMap<>();
    private @Nullable String ready;

    /**
     * What all apps of a file have in common.
     *
     * @param folder the one that the ecosystem file is in
     * @param output the one that the services file will be in
     * @param environment which of the apps' environments is meant, as in {@code env_production}; null for none
     * @param path the PATH
     * @param cores of this machine
     */
    record Surroundings(Path folder, Path output, @Nullable String environment, String path, int cores) {}

    /**
     * What became of an app.
     *
     * @param settings by the key of a services file
     * @param notes what is not as it was, a sentence each that begins with PM2's key
     */
    record ConvertedApp(Map<String, Object> settings, List<String> notes) {}

    AppConversion(AppValues values, Surroundings around) {
        this.values = values;
        this.around = around;
        String cwd = values.text("cwd");
        this.folder =
                cwd == null ? around.folder() : around.folder().resolve(cwd).normalize();
    }

    /** @param script what PM2 starts */
    ConvertedApp convert(String script) {
        environment();
        settings.put("command", command(script));
        settings.put("instances", instances());
        if (!env.isEmpty()) {
            settings.put("env", env);
        }
        directory();
        process();
        restarts();
        new WatchedFolders(values, folder, around, notes).into(settings);
        return new ConvertedApp(settings, notes);
    }

    private void environment() {
        Map<String, String> usual = values.pairs("env");
        if (usual != null) {
            env.putAll(usual);
        } else if (values.says("env")) {
            notes.add("env: a text is not read (expected: names and values)");
        }
        String chosen = around.environment();
        if (chosen != null) {
            Map<String, String> more = values.pairs("env_" + chosen);
            if (more == null) {
                notes.add("env: there is no env_" + chosen + " here");
            } else {
                env.putAll(more);
            }
        }
        String port = env.remove("PORT");
        String told = values.text("port") == null ? port : values.text("port");
        if (told != null) {
            notes.add("PORT: " + told + " is left out, as each instance is given its own and has to listen there;"
                    + " clients find all of them at the balancer");
        }
        List<String> bad = env.keySet().stream()
                .filter(name -> !VARIABLE.matcher(name).matches())
                .toList();
        bad.forEach(name -> {
            env.remove(name);
            notes.add("env: \"" + name + "\" is no name of a variable, and left out");
        });
    }

    private List<String> command(String script) {
        AppCommand command = new AppCommand(folder, around.path(), notes);
        String interpreter = values.text("exec_interpreter");
        List<String> words =
                new ArrayList<>(command.of(script, interpreter, values.words("node_args"), values.words("args")));
        if (command.isPython()) {
            env.putIfAbsent("PYTHONUNBUFFERED", "1");
        }
        if (values.isTrue("wait_ready")) {
            ready = READY;
            if (command.isNode()) {
                words.add(1, AppCommand.SEND_PRINTS);
            } else if (command.mayBeNode()) {
                env.merge("NODE_OPTIONS", AppCommand.SEND_PRINTS, (own, ours) -> own + " " + ours);
            }
            notes.add("wait_ready: process.send('ready') prints a line here, which is waited for (node 18.18 or newer);"
                    + " any other program has to print a line with \"" + READY + "\"");
        }
        return words;
    }

    private String instances() {
        String told = values.text("instances");
        if (told == null) {
            return "1";
        }
        if (told.equals("max") || told.equals("0")) {
            return "max";
        }
        if (told.matches("-\\d{1,3}")) {
            int left = Math.max(1, around.cores() + Integer.parseInt(told));
            notes.add("instances: " + told + " is " + left + ", as this machine has " + around.cores() + " cores");
            return Integer.toString(left);
        }
        if (!told.matches("\\d{1,3}")) {
            notes.add("instances: \"" + told + "\" is no number, and taken for 1");
            return "1";
        }
        return told;
    }

    /** Where it runs: as it was written where both files are in one folder, else by its whole path. */
    private void directory() {
        String cwd = values.text("cwd");
        if (!around.folder().equals(around.output())) {
            settings.put("cwd", folder.toString());
        } else if (cwd != null) {
            settings.put("cwd", cwd);
        }
    }

    private void process() {
        if (ready != null) {
            settings.put("wait-ready", ready);
        }
        time("listen_timeout", "start-timeout");
        if (values.text("listen_timeout") != null) {
            notes.add("listen_timeout: a start that takes longer has failed here, where PM2 goes on");
        }
        time("kill_timeout", "stop-timeout");
        settings.put("stop-signal", "int");
        String variable = values.text("instance_var");
        settings.put("instance-var", variable == null ? "NODE_APP_INSTANCE" : variable);
        String counted = values.text("increment_var");
        if (counted != null && !counted.equals("PORT")) {
            notes.add("increment_var: " + counted + " is the same in each instance; " + settings.get("instance-var")
                    + " counts from 0");
        }
        String memory = values.text("max_memory_restart");
        Long bytes = memory == null ? null : AppValues.bytes(memory);
        if (bytes != null) {
            settings.put("max-memory", size(bytes));
        } else if (memory != null) {
            notes.add("max_memory_restart: \"" + memory + "\" is no size, and left out");
        }
        if (values.isFalse("autostart")) {
            settings.put("instances", "0");
            notes.add("autostart: false is 0 instances, until 'scale' says more");
        }
    }

    private void restarts() {
        String most = values.text("max_restarts");
        if (values.isFalse("autorestart")) {
            settings.put("max-restarts", "0");
            notes.add("autorestart: false is max-restarts 0: given up, and exit code 1, where PM2 has it stopped");
        } else if (most != null && most.matches("\\d{1,6}")) {
            settings.put("max-restarts", most);
        } else if (most != null) {
            notes.add("max_restarts: \"" + most + "\" is no number, and left out");
        }
        time("min_uptime", "min-uptime");
        time("restart_delay", "restart-delay");
        if (values.says("exp_backoff_restart_delay")) {
            notes.add("exp_backoff_restart_delay: the pauses double from 100 ms to 30 s anyway");
        }
        List<String> codes = new ArrayList<>();
        for (String code : values.list("stop_exit_codes")) {
            if (code.matches("\\d{1,3}") && Integer.parseInt(code) <= 255) {
                codes.add(code);
            } else {
                notes.add("stop_exit_codes: \"" + code + "\" is no exit code, and left out");
            }
        }
        if (!codes.isEmpty()) {
            settings.put("stop-exit-codes", codes);
        }
        schedule();
    }

    private void schedule() {
        String told = values.text("cron_restart");
        if (told == null || told.equals("0") || told.equals("false")) {
            return;
        }
        String five = told.strip().matches("0(\\s+\\S+){5}")
                ? told.strip().substring(1).strip()
                : told;
        try {
            settings.put("cron-restart", new CronSchedule(five, ZoneOffset.UTC).expression());
            notes.add(
                    values.isFalse("autorestart")
                            ? "cron_restart: with autorestart: false this may be a job that ends and listens nowhere, which is not"
                                    + " for a launcher: take the type out then, and have cron or a systemd timer run it"
                            : "cron_restart: a reload without a gap, where PM2 stops and starts");
        } catch (IllegalArgumentException none) {
            notes.add(
                    "cron_restart: \"" + told + "\" is no minute, hour, day, month and day of the week, and left out");
        }
    }

    private void time(String key, String setting) {
        String told = values.text(key);
        if (told == null || told.equals("0") || told.equals("false")) {
            return;
        }
        Long millis = AppValues.millis(told);
        if (millis == null || millis < 1 || millis > LONGEST_MILLIS) {
            notes.add(key + ": \"" + told + "\" is no time from 1 ms to 24 h, and left out");
        } else {
            settings.put(setting, millis % 1000 == 0 ? millis / 1000 + "s" : millis + "ms");
        }
    }

    private static String size(long bytes) {
        if (bytes % (1 << 20) == 0) {
            return (bytes >> 20) + "m";
        }
        return bytes % 1024 == 0 ? (bytes >> 10) + "k" : Long.toString(bytes);
    }
}
