package dev.pointsman.launcher.watch;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class IgnoreRulesTest {
    private final IgnoreRules rules = new IgnoreRules(List.of("*.tmp", "build/", "./public/**", "docs/*.md"));

    @ParameterizedTest
    @ValueSource(
            strings = {
                "a.tmp",
                "deep/down/a.tmp",
                "build/app.js",
                "lib/build/x",
                "public/a/b.css",
                "docs/a.md",
                ".git/HEAD",
                "lib/node_modules/x/index.js",
                "app.js~",
                ".app.js.swp",
                "app.log",
                "__pycache__/x.pyc"
            })
    void these_are_no_reason_to_reload(String path) {
        assertThat(rules.ignores(Path.of(path))).isTrue();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"app.js", "tmp/a.js", "lib/public/a.css", "docs/a.html", "deep/docs/a.md", ".env", "builder/x"})
    void these_are(String path) {
        assertThat(rules.ignores(Path.of(path))).isFalse();
    }
}
