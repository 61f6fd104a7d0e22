package dev.pointsman.cli.pm2;

import dev.pointsman.cli.pm2.AppConversion.ConvertedApp;
import dev.pointsman.cli.pm2.AppConversion.Surroundings;
import dev.pointsman.launcher.plan.ServicesText;
import dev.pointsman.settings.NearestName;
import dev.pointsman.settings.YamlNode.YamlEntry;
import dev.pointsman.settings.YamlNode.YamlMapping;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** The conversion of a whole ecosystem file into a services file. For one use. */
public final class EcosystemConversion {
    private static final int LONGEST_TYPE = 64;

    private final EcosystemFile ecosystem;
    private final Surroundings around;
    private final Set<String> types = new HashSet<>();
    private final List<String> told = new ArrayList<>();
    private final ServicesText text = new ServicesText();
    private int converted;

    /**
     * A conversion that has not begun.
     *
     * @param folder the one that the ecosystem file is in
     * @param output the folder that the services file will be in
     * @param environment which of the apps' environments is meant, as in {@code env_production}; null for none
     * @param path the PATH of this process
     * @param cores of this machine
     */
    public EcosystemConversion(
            EcosystemFile ecosystem, Path folder, Path output, @Nullable String environment, String path, int cores) {
        this.ecosystem = ecosystem;
        this.around = new Surroundings(folder, output, environment, path, cores);
    }

    /** The services file; {@link #told} and {@link #isWhole} count from then on. */
    public String convert() {
        text.comment("Made of PM2's " + ecosystem.name().getFileName() + " by pointsman import; to be run by"
                + " pointsman run -f FILE.");
        text.comment("Each instance has to listen on the port in the variable PORT, which is its own.");
        if (ecosystem.hasDeploy()) {
            text.comment("left out: deploy: copy the program by whatever means, then: pointsman reload TYPE");
            told.add(ecosystem.name() + ": deploy: left out: copy the program by whatever means, then: pointsman reload"
                    + " TYPE");
        }
        ecosystem.apps().forEach(this::app);
        return text.toString();
    }

    /** A sentence for each thing that is not as it was. */
    public List<String> told() {
        return List.copyOf(told);
    }

    /** Whether there is a type for every app. */
    public boolean isWhole() {
        return converted == ecosystem.apps().size();
    }

    private void app(YamlMapping app) {
        AppValues values = new AppValues(app);
        String script = values.text("script");
        if (script == null) {
            told.add(ecosystem.source(app) + ": no script (expected: what is to be started), and so no type");
            return;
        }
        List<String> notes = new ArrayList<>();
        String type = type(values, script, notes);
        ConvertedApp made = new AppConversion(values, around).convert(script);
        notes.addAll(made.notes());
        List<String> keys = new ArrayList<>();
        for (YamlEntry entry : app.entries()) {
            String note = leftOut(entry.key().text(), values);
            if (note != null) {
                keys.add(note);
                told.add(ecosystem.source(entry.key()) + ": " + type + ": " + note);
            }
        }
        notes.forEach(note -> told.add(ecosystem.source(app) + ": " + type + ": " + note));
        notes.addAll(keys);
        text.service(type, made.settings(), notes);
        converted++;
    }

    private @Nullable String leftOut(String key, AppValues values) {
        String canonical = EcosystemKeys.canonical(key);
        if (EcosystemKeys.isEnvironment(canonical)) {
            boolean chosen = canonical.equals("env_" + around.environment());
            return chosen ? null : key + ": left out: import --env " + canonical.substring(4) + " takes it";
        }
        if (EcosystemKeys.isConverted(canonical)) {
            return null;
        }
        String why = EcosystemKeys.whyLeftOut(canonical);
        if (why == null) {
            return key + ": left out: PM2 has no such key" + NearestName.hint(key, EcosystemKeys.names());
        }
        boolean matters = canonical.equals("treekill") ? values.isFalse(canonical) : values.says(canonical);
        return matters ? key + ": left out: " + why : null;
    }

    /** A type's name: that of the app, or of its script, of what a type may have, and no other app's. */
    private String type(AppValues values, String script, List<String> notes) {
        String told = values.text("name");
        String name = told == null ? nameOf(script) : told;
        String prefix = values.text("name_prefix");
        String whole = (prefix == null ? "" : prefix) + name;
        if (values.isTrue("append_env_to_name") && around.environment() != null) {
            whole += "-" + around.environment();
        }
        String allowed = whole.replaceAll("[^A-Za-z0-9._-]+", "-").replaceFirst("^[^A-Za-z0-9]+", "");
        String type = allowed.isEmpty() ? "app" : allowed.substring(0, Math.min(allowed.length(), LONGEST_TYPE - 4));
        String unique = type;
        for (int i = 2; !types.add(unique); i++) {
            unique = type + "-" + i;
        }
        if (!unique.equals(whole)) {
            notes.add("name: \"" + whole + "\" is " + unique + ", as a type has letters, digits, dots, dashes and"
                    + " underscores alone, and no name twice");
        }
        return unique;
    }

    private static String nameOf(String script) {
        String file = script.substring(script.lastIndexOf('/') + 1);
        int dot = file.lastIndexOf('.');
        return dot < 1 || script.contains(" ") ? file : file.substring(0, dot);
    }
}
