package dev.pointsman.launcher.plan;

import dev.pointsman.settings.Setting;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * The settings of one type as they were written, not yet checked.
 *
 * @param type its name
 * @param source where it is named
 * @param folder what its relative paths are relative to, and where it runs unless it says otherwise
 * @param settings the less important first
 */
record ServiceDraft(String type, String source, Path folder, List<Setting> settings) {
    ServiceDraft {
        settings = List.copyOf(settings);
    }

    /** This draft with more settings, which overrule its own. */
    ServiceDraft with(List<Setting> more) {
        List<Setting> all = new ArrayList<>(settings);
        all.addAll(more);
        return new ServiceDraft(type, source, folder, all);
    }
}
