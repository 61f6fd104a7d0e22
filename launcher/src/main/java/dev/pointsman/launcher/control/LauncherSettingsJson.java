package dev.pointsman.launcher.control;

import com.fasterxml.jackson.core.type.TypeReference;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.pointsman.launcher.api.LauncherSettings;
import dev.pointsman.launcher.api.LauncherSettings.TypeSettings;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;

/** The JSON form of what a launcher was told to run: each type with the settings of a services file. */
public final class LauncherSettingsJson {
    private LauncherSettingsJson() {}

    static ObjectNode write(LauncherSettings settings) {
        ObjectNode json = JsonLines.JSON.createObjectNode();
        json.put("consul", settings.consul()).put("advertise", settings.advertise());
        ObjectNode services = json.putObject("services");
        settings.types().forEach(each -> services.set(each.type(), settings(each)));
        return json;
    }

    /** The settings of one type. */
    public static ObjectNode settings(TypeSettings type) {
        return JsonLines.JSON.valueToTree(type.settings());
    }

    static LauncherSettings read(JsonNode json) {
        List<TypeSettings> types = new ArrayList<>();
        json.path("services")
                .properties()
                .forEach(each -> types.add(new TypeSettings(
                        each.getKey(),
                        JsonLines.JSON.convertValue(
                                each.getValue(), new TypeReference<LinkedHashMap<String, Object>>() {}))));
        JsonNode advertise = json.path("advertise");
        return new LauncherSettings(
                json.path("consul").asText(), advertise.isTextual() ? advertise.asText() : null, types);
    }
}
