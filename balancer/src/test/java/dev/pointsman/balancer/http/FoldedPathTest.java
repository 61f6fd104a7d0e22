package dev.pointsman.balancer.http;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class FoldedPathTest {
    @ParameterizedTest(name = "{0}")
    @CsvSource(
            nullValues = "none",
            value = {
                "/admin, none",
                "/a%20b//c, none",
                "/a/../b, none",
                "/admin;x, /admin",
                "/admin;x/y;z, /admin/y",
                "/;x/admin, /admin",
                "/./;/admin, /admin",
                "/%2fadmin, /admin",
                "/\\admin, /admin",
                "/admin%2Fx, /admin/x",
                "/admin%5cx, /admin/x",
                "/a%3bb/admin, /a/admin",
                "/x%2f%61dmin, /x/admin",
                "/admin%2, none",
                "/x;%, /x"
            })
    void it_is_what_the_most_lenient_reader_sees(String path, String folded) {
        assertThat(FoldedPath.of(path)).isEqualTo(folded);
    }
}
