package dev.pointsman.system.dashboard;

import static org.assertj.core.api.Assertions.assertThat;

import dev.pointsman.testkit.NeedsChromium;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;

/** The pictures of the page in the docs: taken anew with {@code -Dpointsman.docs=write}. */
@NeedsChromium
@EnabledIfSystemProperty(
        named = "pointsman.docs",
        matches = "write",
        disabledReason = "pictures are taken with -Dpointsman.docs=write")
class DashboardPicturesIT {
    private static final Path FOLDER = Path.of("../docs/observability");
    private static final int MOST_BYTES = 150 * 1024;

    private MadeUpBalancer balancer;
    private Browser browser;

    @BeforeEach
    void aShop() throws Exception {
        balancer = new MadeUpBalancer(Fleet.shop());
        browser = Browser.start();
    }

    @AfterEach
    void close() throws Exception {
        browser.close();
        balancer.close();
    }

    @Test
    void pictures_of_the_page_are_taken() throws Exception {
        take("light", 1200, 760, "page-light.png");
        take("dark", 1200, 760, "page-dark.png");
        take("light", 360, 780, "page-phone.png");
    }

    private void take(String scheme, int width, int height, String name) throws Exception {
        browser.scheme(scheme).size(width, height).open(balancer.url());
        browser.shown(".service:last-child svg.spark");
        Path file = FOLDER.resolve(name);
        browser.picture(file);
        assertThat(Files.size(file)).isLessThan(MOST_BYTES);
    }
}
