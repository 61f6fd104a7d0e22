package dev.pointsman.system;

import static dev.pointsman.system.Cluster.API;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.pointsman.system.dashboard.Browser;
import dev.pointsman.testkit.FreePorts;
import dev.pointsman.testkit.NeedsChromium;
import dev.pointsman.testkit.TestHttp;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.stream.StreamSupport;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;
import org.openqa.selenium.Keys;

/** The dashboard of a real balancer in a real browser, while something happens to its instances. */
@NeedsChromium
class LiveDashboardIT {
    private static final String TOKEN = "a-token-for-this-test";
    private static final String ROW = "[data-service=" + API + "]";

    private static Browser browser;

    @RegisterExtension
    final Cluster cluster = new Cluster();

    @TempDir
    private Path folder = Path.of(".");

    private BalancerProcess balancer;
    private List<ServiceProcess> services;
    private Load load;

    @BeforeAll
    static void startBrowser() {
        browser = Browser.start();
    }

    @AfterAll
    static void endBrowser() {
        browser.close();
    }

    @BeforeEach
    void threeInstancesUnderLoad() throws Exception {
        Path token = Files.writeString(folder.resolve("token"), TOKEN);
        balancer = cluster.devBalancer("--admin-token-file", token.toString());
        services = cluster.services(3, API);
        balancer.awaitReadyInstances(API, 3);
        load = cluster.load(balancer, "/api/x");
        load.awaitResponsesFromEach(services.toArray(ServiceProcess[]::new));
        browser.open(balancer.dashboard());
        browser.shown(ROW);
    }

    @Test
    void an_ejection_is_seen_within_a_second_of_its_happening() {
        browser.awaitText(ROW, "3 of 3 ready");
        browser.awaitText("#changes", "routes version 1");
        assertThat(browser.text("#changes")).doesNotContain("undefined");
        browser.run("""
                window.shownAt = null;
                new MutationObserver(() => {
                  const seen = document.querySelector('#changes')?.textContent.includes('ejected for');
                  if (window.shownAt === null && seen) {
                    window.shownAt = Date.now();
                  }
                }).observe(document.body, { subtree: true, childList: true, attributes: true, characterData: true });
                """);

        // Without a check, so that the balancer alone can notice that nobody is there.
        int nobodys = FreePorts.take();
        String instance =
                "{\"ID\": \"nobody\", \"Name\": \"%s\", \"Tags\": [\"%s\"], \"Address\": \"127.0.0.1\", \"Port\": %d}";
        new TestHttp(cluster.registry()).put("/v1/agent/service/register", instance.formatted(API, API, nobodys));

        browser.awaitText("#changes", "ejected for");
        browser.awaitText(ROW + ".trouble", "nobody");
        long ejected = StreamSupport.stream(
                        balancer.admin("/api/changes").json().path("changes").spliterator(), false)
                .filter(each -> each.path("to").asText().equals("ejected"))
                .map((JsonNode each) -> Instant.parse(each.path("at").asText()).toEpochMilli())
                .min(Long::compare)
                .orElseThrow();
        assertThat(browser.number("return window.shownAt") - ejected)
                .as("milliseconds from the ejection until the page showed it")
                .isLessThan(1000);
        load.endsWithoutFailure();
        assertThat(browser.complaints()).isEmpty();
    }

    @Test
    void an_instance_is_drained_and_readmitted_by_hand() {
        browser.button("Unlock actions").click();
        browser.shown("dialog input").sendKeys(TOKEN, Keys.ENTER);
        browser.awaitGone("dialog");
        // By the key, as what stands above may still grow; and it is opened already where it was in trouble a moment
        // ago.
        if (browser.all(ROW + " [aria-expanded=true]").isEmpty()) {
            browser.find(ROW + " .opener").sendKeys(Keys.ENTER);
        }
        browser.shown(ROW + " td button");

        browser.button("Drain " + services.get(1).id()).click();
        browser.shown("dialog .buttons button").click();
        browser.awaitGone("dialog");
        browser.awaitText(ROW, "2 of 3 ready");
        balancer.awaitState(API, services.get(1).id(), "drained");
        load.awaitResponsesOnlyFrom(services.get(0), services.get(2));
        browser.awaitText(ROW + " tbody tr:first-child", "drained");

        browser.button("Readmit").click();
        browser.shown("dialog .buttons button").click();
        browser.awaitText(ROW, "3 of 3 ready");
        load.awaitResponsesFromEach(services.toArray(ServiceProcess[]::new));
        load.endsWithoutFailure();
        assertThat(browser.complaints()).isEmpty();
    }

    @Test
    void a_url_is_explained_and_the_configuration_is_shown() {
        browser.find("#explain [name=url]").sendKeys("/api/x", Keys.ENTER);
        browser.awaitText(".answer", "is taken by /api → " + API);
        browser.awaitText(".answer", services.get(0).id());
        browser.find("#config summary").click();
        browser.awaitText("#config", "--admin-token-file");
        assertThat(browser.text("body")).doesNotContain(TOKEN);
        assertThat(browser.text("#launchers")).doesNotContain("does not answer");
        assertThat(browser.complaints()).isEmpty();
    }
}
