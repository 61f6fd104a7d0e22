package dev.pointsman.balancer.live;

import dev.pointsman.balancer.config.BalancerSettings;
import dev.pointsman.balancer.config.RouteSettings;
import dev.pointsman.settings.Option;
import dev.pointsman.settings.OptionTable;
import dev.pointsman.settings.Setting;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.util.List;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Settings in the shape of the file, without the values of secrets. */
final class SettingsJson {
    private static final String MASKED = "(not shown)";
    private static final Pattern USER_IN_URL = Pattern.compile("://[^/@\\s]+@");

    private SettingsJson() {}

    static JsonObject of(List<Setting> settings) {
        return of(settings, BalancerSettings.TABLE);
    }

    /** Each setting that has no parts of its own, with the line or the flag that says so. */
    static JsonArray lines(List<Setting> settings) {
        JsonArray lines = new JsonArray();
        for (Setting setting : settings) {
            if (setting.parts().isEmpty()) {
                String name = setting.name();
                Option<?> option = BalancerSettings.TABLE.byKey(setting.key()).orElse(null);
                lines.add(new JsonObject()
                        .put("key", name == null ? setting.key() : setting.key() + ": " + name)
                        .put("value", value(setting, option))
                        .put("where", setting.source()));
            }
        }
        return lines;
    }

    private static JsonObject of(List<Setting> settings, OptionTable table) {
        JsonObject json = new JsonObject();
        for (Setting setting : settings) {
            Option<?> option = table.byKey(setting.key()).orElse(null);
            Object value = value(setting, option);
            String name = setting.name();
            if (name != null) {
                JsonObject named = json.getJsonObject(setting.key(), new JsonObject());
                json.put(setting.key(), named);
                add(named, name, value, false);
            } else {
                add(json, setting.key(), value, option == null || !option.isMany());
            }
        }
        return json;
    }

    private static void add(JsonObject json, String key, Object value, boolean last) {
        Object before = json.getValue(key);
        if (before == null || last) {
            json.put(key, value);
        } else if (before instanceof JsonArray many) {
            many.add(value);
        } else {
            json.put(key, new JsonArray().add(before).add(value));
        }
    }

    private static Object value(Setting setting, @Nullable Option<?> option) {
        if (!setting.parts().isEmpty() && option != null) {
            boolean route = option.key().equals(BalancerSettings.ROUTE_KEY);
            return of(setting.parts(), route ? RouteSettings.TABLE : option.partTable());
        }
        boolean secret = option != null && option.secret();
        return secret ? MASKED : USER_IN_URL.matcher(setting.written()).replaceAll("://" + MASKED + "@");
    }
}
