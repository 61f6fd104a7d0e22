package dev.pointsman.docs;

import java.util.HashMap;
import java.util.Locale;
import java.util.Map;

/** The anchors of one page's headings, as git hosts make them of their texts. Headings are given in their order. */
final class Anchors {
    private final Map<String, Integer> taken = new HashMap<>();

    /** Lower case, without punctuation but for hyphens and underscores, blanks as hyphens; a number behind what was there before. */
    String of(String heading) {
        String anchor = heading.strip()
                .toLowerCase(Locale.ROOT)
                .replaceAll("[^\\p{L}\\p{N}\\p{M} _-]", "")
                .replace(' ', '-');
        int before = taken.merge(anchor, 1, Integer::sum) - 1;
        return before == 0 ? anchor : anchor + "-" + before;
    }
}
