package dev.pointsman.cli;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.pointsman.launcher.api.InstanceStatus;
import dev.pointsman.launcher.api.LauncherSettings;
import dev.pointsman.launcher.api.LauncherSettings.TypeSettings;
import dev.pointsman.launcher.control.ControlException;
import dev.pointsman.launcher.control.LauncherSettingsJson;
import dev.pointsman.launcher.control.Launchers;
import dev.pointsman.launcher.control.RunningLauncher;
import dev.pointsman.launcher.control.StatusJson;
import dev.pointsman.registry.OneLine;
import java.nio.file.Path;
import java.time.Clock;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code pointsman describe}. */
@Command(
        name = "describe",
        aliases = {"show", "info"},
        description = "Shows what a type was started with, and its instances.",
        mixinStandardHelpOptions = true,
        versionProvider = Version.class,
        sortOptions = false,
        footer = {"", "What has its default is left out. Of variables only the names are shown; 'env' has the values."})
final class DescribeCommand extends OnLaunchers {
    private static final int LONGEST = 2000;

    @Parameters(paramLabel = "TYPE|ID", description = "a type, or an id of pointsman list for that instance alone")
    private String typeOrId = "";

    @Option(names = "--json", description = "as JSON")
    private boolean json;

    @Override
    public Integer call() throws ControlException {
        RunningLauncher launcher = Launchers.owner(launchers(), typeOrId);
        List<InstanceStatus> instances = launcher.instances().stream()
                .filter(each -> each.type().equals(typeOrId) || each.id().equals(typeOrId))
                .toList();
        String type = instances.isEmpty() ? typeOrId : instances.get(0).type();
        LauncherSettings settings = Launchers.settings(launcher, false);
        TypeSettings told = settings.types().stream()
                .filter(each -> each.type().equals(type))
                .findFirst()
                .orElseThrow(() -> new ControlException("\"" + type + "\" was deleted meanwhile"));
        if (json) {
            out().println(json(launcher, settings, told, instances));
        } else {
            print(launcher, settings, told, instances);
        }
        return 0;
    }

    private void print(
            RunningLauncher launcher, LauncherSettings settings, TypeSettings told, List<InstanceStatus> instances) {
        Map<String, String> facts = new LinkedHashMap<>();
        facts.put("launcher", Long.toString(launcher.pid()));
        facts.put("registry", settings.consul());
        if (settings.advertise() != null) {
            facts.put("advertise", settings.advertise());
        }
        told.settings().forEach((key, value) -> facts.put(key, words(key, value)));
        facts.put("instances", Long.toString(launcher.wanted(told.type())));
        Path logs = launcher.logs();
        facts.put(
                "logs",
                logs == null ? "not kept" : logs.resolve(told.type() + ".log").toString());
        int width = facts.keySet().stream().mapToInt(String::length).max().orElse(0);
        out().println(told.type());
        facts.forEach((key, value) ->
                out().println("  " + key + " ".repeat(width - key.length() + 2) + OneLine.of(value, LONGEST)));
        out().println();
        int columns =
                TerminalSize.of(PointsmanCommand.above(spec).environment()).columns();
        InstanceTable.lines(instances, Clock.systemUTC().instant(), columns).forEach(out()::println);
        if (instances.isEmpty()) {
            out().println("no instances (pointsman scale " + told.type() + " 1 starts one)");
        }
    }

    private static String words(String key, Object value) {
        if (value instanceof Map<?, ?> pairs) {
            return pairs.entrySet().stream()
                    .map(pair ->
                            key.equals("env") ? String.valueOf(pair.getKey()) : pair.getKey() + "=" + pair.getValue())
                    .collect(Collectors.joining(", "));
        }
        if (value instanceof Collection<?> list) {
            return list.stream()
                    .map(word -> key.equals("command") ? ShellWord.of(String.valueOf(word)) : String.valueOf(word))
                    .collect(Collectors.joining(key.equals("command") ? " " : ", "));
        }
        return String.valueOf(value);
    }

    private static String json(
            RunningLauncher launcher, LauncherSettings settings, TypeSettings told, List<InstanceStatus> instances) {
        ObjectNode described = JsonNodeFactory.instance.objectNode();
        described
                .put("type", told.type())
                .put("launcher", launcher.pid())
                .put("registry", settings.consul())
                .put("advertise", settings.advertise())
                .put("logs", launcher.logs() == null ? null : launcher.logs().toString());
        described.set("settings", LauncherSettingsJson.settings(told));
        ArrayNode list = described.putArray("instances");
        instances.forEach(each -> list.add(StatusJson.write(each)));
        return described.toPrettyString();
    }
}
