package dev.pointsman.cli.pm2;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/** The keys that an app of an ecosystem file may have (PM2 7), and why some have no meaning here. */
final class EcosystemKeys {
    private static final String LOGS = "what a type prints is in TYPE.log of --log-dir; 'logs --times' says when";
    private static final String PM2_IO = "it is for PM2's own hosted monitoring";
    private static final String USER =
            "a launcher runs everything as its own user: start one as that user, or with User= in a unit of 'systemd'";

    /** By another name of a key, the one that PM2 means by it. */
    private static final Map<String, String> ALIASES = Map.ofEntries(
            Map.entry("exec", "script"),
            Map.entry("cmd", "script"),
            Map.entry("command", "script"),
            Map.entry("interpreter", "exec_interpreter"),
            Map.entry("interpreter_args", "node_args"),
            Map.entry("interpreterArgs", "node_args"),
            Map.entry("out", "out_file"),
            Map.entry("output", "out_file"),
            Map.entry("out_log", "out_file"),
            Map.entry("error", "error_file"),
            Map.entry("err", "error_file"),
            Map.entry("err_file", "error_file"),
            Map.entry("err_log", "error_file"),
            Map.entry("log", "log_file"),
            Map.entry("pid", "pid_file"),
            Map.entry("cron", "cron_restart"),
            Map.entry("combine_logs", "merge_logs"),
            Map.entry("user", "uid"));

    /** What is converted. */
    private static final List<String> CONVERTED = List.of(
            "script",
            "name",
            "name_prefix",
            "cwd",
            "args",
            "exec_interpreter",
            "node_args",
            "env",
            "port",
            "instances",
            "exec_mode",
            "watch",
            "ignore_watch",
            "max_memory_restart",
            "cron_restart",
            "autorestart",
            "max_restarts",
            "min_uptime",
            "restart_delay",
            "exp_backoff_restart_delay",
            "stop_exit_codes",
            "kill_timeout",
            "listen_timeout",
            "wait_ready",
            "instance_var",
            "increment_var",
            "append_env_to_name",
            "merge_logs",
            "autostart");

    /** What is left out, and why. */
    private static final Map<String, String> LEFT_OUT = leftOut();

    private EcosystemKeys() {}

    private static Map<String, String> leftOut() {
        Map<String, String> reasons = new LinkedHashMap<>();
        reasons.put(
                "filter_env",
                "instances have the launcher's whole environment; start it with 'env -i' to give them less");
        reasons.put("namespace", "a launcher is the group: one services file for each, and --launcher PID says which");
        for (String key : List.of("out_file", "error_file", "log_file", "log_type", "log_date_format", "time")) {
            reasons.put(key, LOGS);
        }
        reasons.put("disable_logs", "--no-log-files is for a launcher as a whole");
        reasons.put("pid_file", "'pid TYPE' prints the process numbers");
        reasons.put("source_map_support", "node's own --enable-source-maps, in node_args");
        reasons.put("disable_source_map_support", "nothing is put into the program");
        reasons.put("shutdown_with_message", "a program that is no child of PM2 gets no messages: SIGINT is sent");
        reasons.put("watch_delay", "a reload comes when it has been quiet for 200 ms");
        reasons.put("watch_options", "folders are followed by the kernel's notices, not by polling");
        reasons.put("force", "a type is run once by a launcher, however often its script is");
        reasons.put("treekill", "all that an instance has started is ended with it");
        reasons.put("kill_retry_time", "what does not end by the stop signal gets SIGKILL after the stop-timeout");
        reasons.put("uid", USER);
        reasons.put("gid", USER);
        reasons.put("vizion", "nothing is read from version control");
        reasons.put("post_update", "there is no pull; a deploy ends with 'reload'");
        reasons.put("install_url", "nothing is installed");
        reasons.put("execute_command", "the command is whatever it is");
        reasons.put("write", "it is PM2's own");
        reasons.put("version", "--meta version=V has it in the registry");
        reasons.put("windowsHide", "launchers run on Linux only");
        reasons.put("username", "it is PM2's own");
        for (String key : List.of(
                "pmx",
                "automation",
                "trace",
                "disable_trace",
                "deep_monitoring",
                "v8",
                "event_loop_inspector",
                "io",
                "instance_id",
                "exception",
                "profiling")) {
            reasons.put(key, PM2_IO);
        }
        return reasons;
    }

    /** The name that PM2 means by one that was written. */
    static String canonical(String key) {
        return ALIASES.getOrDefault(key, key);
    }

    /** Whether something becomes of a key. */
    static boolean isConverted(String canonical) {
        return CONVERTED.contains(canonical) || isEnvironment(canonical);
    }

    /** Whether it is the environment of one name: {@code env_production}. */
    static boolean isEnvironment(String key) {
        return key.startsWith("env_") && key.length() > 4;
    }

    /** Why a key has no meaning here; null if PM2 has no such key, or something becomes of it. */
    static @Nullable String whyLeftOut(String canonical) {
        return LEFT_OUT.get(canonical);
    }

    /** All names that a key may have, in order. */
    static Set<String> names() {
        Set<String> names = new TreeSet<>(CONVERTED);
        names.addAll(LEFT_OUT.keySet());
        names.addAll(ALIASES.keySet());
        return names;
    }
}
