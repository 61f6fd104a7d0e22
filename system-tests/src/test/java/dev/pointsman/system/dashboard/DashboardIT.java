package dev.pointsman.system.dashboard;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.pointsman.testkit.NeedsChromium;
import io.vertx.core.json.JsonObject;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.assertj.core.api.InstanceOfAssertFactories;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.openqa.selenium.Keys;

/** The page in a real browser, with figures that are made up. */
@NeedsChromium
class DashboardIT {
    private static final String MARKUP = "<img src=x onerror=\"document.title='taken'\">&lt;b&gt;";

    private static Browser browser;

    private MadeUpBalancer balancer;
    /** Whether something may be missing while the balancer is away. */
    private boolean wasAway;

    @BeforeAll
    static void startBrowser() {
        browser = Browser.start();
    }

    @AfterAll
    static void endBrowser() {
        browser.close();
    }

    @BeforeEach
    void aShop() throws Exception {
        balancer = new MadeUpBalancer(Fleet.shop());
        browser.size(1280, 900).scheme("light");
    }

    @AfterEach
    void noComplaints() throws Exception {
        List<String> complaints = browser.complaints();
        balancer.close();
        if (!wasAway) {
            assertThat(complaints).as("complaints of the browser").isEmpty();
        } else {
            assertThat(complaints).allMatch(each -> each.contains("net::ERR_"));
        }
    }

    private void open() {
        browser.open(balancer.url());
        browser.shown(".service");
    }

    @Test
    void it_shows_the_balancer_as_a_whole() {
        open();

        assertThat(browser.text(".summary"))
                .contains("requests/s\n1.7 k")
                .contains("errors/s\n1.4")
                .contains("p50\n3.1 ms")
                .contains("p99\n14 ms")
                .contains("connections\n212")
                .contains("48 to instances")
                .contains("config version\n3")
                .contains("● ok")
                .contains("1 in trouble");
        assertThat(browser.text("header")).contains("0.1.0").contains("ready");
    }

    @Test
    void a_service_in_trouble_comes_first_and_shows_why_and_where_its_traffic_goes() {
        open();

        assertThat(browser.all(".service").get(0).getDomAttribute("data-service"))
                .isEqualTo("checkout");
        assertThat(browser.text(".service:first-child"))
                .contains("2 of 3 ready: 1 of 3 instances is ejected")
                .contains("ejected for 30 s: 5 of the last 10 attempts failed")
                .contains("shop.example.com/checkout")
                .contains("10.0.0.1:34560");
        assertThat(browser.all(".service-more:not([hidden])")).hasSize(1);
        assertThat(browser.all(".service:first-child .lines path.flow"))
                .as("lines of two routes and two instances that get requests")
                .hasSize(4);
        assertThat(browser.all(".service:first-child .lines path.none"))
                .as("lines of the instance that gets none")
                .hasSize(1);
    }

    @Test
    void a_service_of_tcp_shows_connections_and_bytes_in_the_place_of_requests() {
        JsonObject connections = new JsonObject()
                .put("open", 12)
                .put("rate", 0.5)
                .put("received", 300.4)
                .put("sent", 1_572_864.0);
        balancer.fleet.add(Fleet.database("postgres", ":5432", connections));
        open();

        assertThat(browser.text("[data-service=postgres]"))
                .contains("TCP connections\n12")
                .contains("connections/s\n0.5")
                .contains("bytes in\n300 B/s")
                .contains("bytes out\n1.5 MiB/s")
                .doesNotContain("requests/s");
        assertThat(browser.text("[data-service=basket]")).contains("requests/s").doesNotContain("TCP");
        assertThat(browser.text(".summary")).contains("TCP connections\n12").contains("0.5 new/s");
    }

    @Test
    void fifteen_minutes_are_lines_that_say_what_they_show() {
        open();
        browser.shown(".service:first-child svg.spark");

        String label = "" + browser.find(".service:first-child svg.spark").getDomAttribute("aria-label");
        assertThat(label.replace('\u00a0', ' ')).startsWith("Requests per second, last 15 minutes: at most 11");
        assertThat(browser.find(".service:first-child svg.spark path").getDomAttribute("d"))
                .startsWith("M0.")
                .contains("L120.0");
    }

    @Test
    void a_change_is_shown_when_it_happens_and_not_with_the_next_second() {
        open();
        browser.button("▸catalog").click();
        browser.run("""
                window.shownAt = null;
                new MutationObserver(() => {
                  if (window.shownAt === null && document.querySelector('[data-service=catalog] .state.bad')) {
                    window.shownAt = Date.now();
                  }
                }).observe(document.body, { subtree: true, childList: true, attributes: true, characterData: true });
                """);

        long happened = System.currentTimeMillis();
        balancer.fleet.upstream("catalog", 1, "ejected", "ejected for 30 s: it could not be reached");
        balancer.change(
                "catalog", "catalog-2", "box-2", "ready", "ejected", "ejected for 30 s: it could not be reached");

        browser.awaitText("#changes li:first-child", "it could not be reached");
        browser.awaitText("[data-service=catalog]", "it could not be reached");
        assertThat(browser.number("return window.shownAt") - happened).isLessThan(1000);
    }

    @Test
    void trouble_that_begins_is_shown_first_and_said_once() {
        open();

        balancer.fleet
                .upstream("basket", 0, "critical", "http: connection refused")
                .trouble("basket", "1 of 3 instances is critical", 2);

        browser.awaitText("[data-service=basket] .service-more", "http: connection refused");
        browser.awaitText("[role=status].unseen", "basket is in trouble: 1 of 3 instances is critical.");
    }

    @Test
    void one_of_a_thousand_services_is_found_and_a_link_holds_the_search() throws Exception {
        balancer.close();
        balancer = new MadeUpBalancer(Fleet.of(1000).trouble("service-0777", "no instance is ready", 0));
        open();
        assertThat(browser.all(".service")).hasSize(50);
        assertThat(browser.all(".service").get(0).getDomAttribute("data-service"))
                .isEqualTo("service-0777");
        assertThat(browser.text(".pager")).contains("1 to 50 of 1000");

        browser.find("#search").sendKeys("e-0421");
        browser.awaitText("#services .section-head", "1 of 1000 services");
        assertThat(browser.text(".services")).contains("service-0421");
        assertThat(browser.text(".summary"))
                .as("trouble of all services, not only of the one that is shown")
                .contains("services\n1 k\n1 in trouble");
        browser.run("window.location.reload()");
        browser.awaitText("#services .section-head", "1 of 1000 services");

        browser.find("#search").clear();
        browser.find("#search").sendKeys(Keys.SPACE, Keys.BACK_SPACE);
        browser.awaitText("#services .section-head", "1000 of 1000 services");
        browser.button("Next").click();
        browser.awaitText(".pager", "51 to 100 of 1000");
        browser.find(".check input").click();
        browser.awaitText("#services .section-head", "1 of 1000 services");
        assertThat((String) browser.run("return location.search")).isEqualTo("?only=trouble");
    }

    @Test
    void where_there_are_few_services_all_show_where_their_traffic_goes_and_what_was_closed_stays_so()
            throws Exception {
        balancer.close();
        balancer = new MadeUpBalancer(Fleet.of(3));
        open();
        assertThat(browser.all(".service-more:not([hidden]) .picture")).hasSize(3);

        browser.button("▸service-0001").click();
        balancer.fleet.trouble("service-0002", "no instance is ready", 0);
        browser.awaitText(".service:first-child", "no instance is ready");

        assertThat(browser.all(".service-more:not([hidden])")).hasSize(2);
    }

    @Test
    void where_everything_is_in_trouble_the_page_stays_one_that_can_be_read() throws Exception {
        balancer.close();
        Fleet fleet = Fleet.of(100);
        for (int i = 0; i < 100; i++) {
            fleet.trouble("service-%04d".formatted(i), "no instance is ready", 0);
        }
        balancer = new MadeUpBalancer(fleet);
        open();

        assertThat(browser.all(".service.trouble")).hasSize(50);
        assertThat(browser.all(".service-more:not([hidden])")).hasSize(3);
    }

    @Test
    void it_says_that_the_balancer_is_away_and_comes_back_by_itself() throws Exception {
        open();
        wasAway = true;

        balancer.leave();
        browser.awaitText("header", "The balancer is away. What is shown is old.");
        assertThat(browser.text(".brand")).contains("away").doesNotContain("ready");

        balancer.comeBack();
        browser.awaitGone("[data-connection]");
        assertThat(browser.text("[role=status].unseen")).contains("The balancer is back.");
    }

    @Test
    void where_too_many_look_it_says_so_looks_from_time_to_time_and_is_live_again_when_there_is_room()
            throws Exception {
        balancer.full(true);
        open();
        browser.awaitText("header", "No live view: too many look already. The page looks every 5 s instead.");
        assertThat(browser.text("header")).doesNotContain("away");
        assertThat(browser.text(".summary")).contains("1 in trouble");
        balancer.fleet.trouble("basket", "1 of 3 instances is critical", 2);
        browser.awaitText("[data-service=basket]", "1 of 3 instances is critical");

        balancer.full(false);
        browser.awaitGone("[data-connection]");
        browser.awaitText("[role=status].unseen", "The view is live again.");
        assertThat(browser.complaints()).allMatch(each -> each.contains("503"));
    }

    @Test
    void markup_in_names_and_reasons_stays_text() {
        balancer.fleet
                .add(Fleet.service(MARKUP, List.of("/" + MARKUP), 5, 1))
                .upstream(MARKUP, 0, "critical", MARKUP)
                .trouble(MARKUP, MARKUP, 0);
        balancer.change(MARKUP, MARKUP, MARKUP, "ready", "critical", MARKUP);
        open();

        browser.awaitText(".services", MARKUP);
        browser.awaitText("#changes", MARKUP);
        assertThat(browser.all("img")).isEmpty();
        assertThat((String) browser.run("return document.title")).isEqualTo("Pointsman");
    }

    @ParameterizedTest
    @ValueSource(strings = {"light", "dark"})
    void nothing_keeps_people_from_using_it(String scheme) {
        browser.scheme(scheme);
        open();
        browser.find("#explain [name=url]").sendKeys("/catalog/7", Keys.ENTER);
        browser.shown(".answer");
        browser.find("#config summary").click();
        browser.shown("#config table");
        assertThat(browser.axe()).isEmpty();

        browser.size(360, 740);
        assertThat(browser.axe()).isEmpty();

        browser.size(1280, 900);
        browser.button("Unlock actions").click();
        browser.shown("dialog input");
        assertThat(browser.axe()).isEmpty();
    }

    @Test
    void it_fits_a_phone() {
        browser.size(360, 740);
        balancer.fleet
                .add(Fleet.service("a-name-that-is-longer-than-any-phone-is-wide-".repeat(3), List.of("/long"), 5, 25))
                .trouble("a-name-that-is-longer-than-any-phone-is-wide-".repeat(3), "why".repeat(60), 0);
        open();
        browser.find("#config summary").click();
        browser.shown("#config table");
        browser.find("#explain [name=url]").sendKeys("/catalog/7", Keys.ENTER);
        browser.shown(".answer");

        assertThat(browser.number("return document.documentElement.scrollWidth"))
                .isEqualTo(360);
        assertThat(browser.run("""
                return [...document.querySelectorAll('main *')]
                  .filter((each) => each.getBoundingClientRect().right > 361 && !each.closest('.unseen, thead, .tags, .node-name'))
                  .map((each) => each.outerHTML.slice(0, 120));
                """))
                .asInstanceOf(InstanceOfAssertFactories.LIST)
                .isEmpty();
    }

    @Test
    void the_keyboard_alone_reaches_everything_and_sees_where_it_is() {
        open();
        browser.run("window.was = []");
        List<String> stops = new ArrayList<>();
        for (int i = 0; i < 200; i++) {
            browser.press(Keys.TAB);
            Object stop = browser.run("""
                    const at = document.activeElement;
                    if (at === document.body || window.was.includes(at)) { return null; }
                    window.was.push(at);
                    const box = at.getBoundingClientRect();
                    const style = getComputedStyle(at);
                    const seen = box.width > 0 && box.height > 0 && box.bottom > 0 && box.top < innerHeight;
                    return (seen && style.outlineStyle !== 'none' ? '' : 'UNSEEN ') + (at.textContent || at.name || at.id || at.tagName);
                    """);
            if (stop == null) {
                break;
            }
            stops.add((String) stop);
        }

        assertThat(stops).first().isEqualTo("Skip to the services");
        assertThat(stops).noneMatch(each -> each.startsWith("UNSEEN"));
        long reachable = browser.number("""
                return [...document.querySelectorAll('a[href], button, input, select, textarea, summary')]
                  .filter((each) => each.checkVisibility()).length;
                """);
        assertThat(stops).hasSize((int) reachable);
    }

    @Test
    void the_keyboard_opens_a_service_and_leaves_a_dialog() {
        open();
        browser.run("document.querySelector('[data-service=catalog] .opener').focus()");
        browser.press(Keys.ENTER);
        browser.awaitText("[data-service=catalog] table", "catalog-4");

        browser.run("document.querySelector('#launchers td button').focus()");
        browser.press(Keys.ENTER);
        browser.awaitText("dialog", "<script>alert(1)</script> is only text");
        for (int i = 0; i < 5; i++) {
            browser.press(Keys.TAB);
        }
        browser.press(Keys.ESCAPE);
        browser.awaitGone("dialog");
        assertThat((String) browser.run("return document.activeElement.textContent"))
                .isEqualTo("Log of catalog-1");
    }

    @Test
    void nothing_is_changed_without_the_token() {
        open();
        assertThat(browser.text("main")).doesNotContain("Drain").doesNotContain("Readmit");

        browser.button("Unlock actions").click();
        browser.shown("dialog input").sendKeys(MadeUpBalancer.TOKEN, Keys.ENTER);
        browser.awaitText("[data-service=checkout] td", "Readmit");
        browser.button("Drain checkout-1").click();
        assertThat(balancer.writes).as("before it is confirmed").isEmpty();
        browser.shown("dialog .buttons button").click();
        browser.awaitGone("dialog");
        assertThat(balancer.writes).containsExactly("/api/instances/checkout-1/drain?node=box-1");

        browser.button("Reload").click();
        browser.shown("dialog .buttons button").click();
        browser.awaitGone("dialog");
        assertThat(balancer.writes).endsWith("/api/reload");

        browser.button("Lock actions").click();
        await().atMost(Duration.ofSeconds(10)).until(() -> !browser.text("main").contains("Drain"));
        assertThat(browser.number("return sessionStorage.length + localStorage.length"))
                .isZero();
    }

    @Test
    void a_wrong_token_is_said_and_forgotten() {
        open();
        browser.button("Unlock actions").click();
        browser.shown("dialog input").sendKeys("not the token", Keys.ENTER);
        browser.awaitGone("dialog");
        browser.button("Readmit checkout-3").click();
        browser.shown("dialog .buttons button").click();

        browser.awaitText("dialog", "with the right token is needed");
        assertThat(browser.number("return sessionStorage.length")).isZero();
        browser.press(Keys.ESCAPE);
        browser.awaitGone("dialog");
        assertThat(browser.complaints()).allMatch(each -> each.contains("401"));
    }

    @Test
    void a_url_is_explained_and_a_bad_one_is_refused_in_a_sentence() {
        open();
        browser.find("#explain [name=url]").sendKeys("/catalog/7", Keys.ENTER);
        browser.awaitText(".answer", "is taken by /catalog → catalog (file, balancer.yaml:7:3)");
        assertThat(browser.text(".answer")).contains("picked next").contains("response-timeout");

        browser.find("#explain [name=url]").clear();
        browser.find("#explain [name=url]").sendKeys("catalog", Keys.ENTER);
        browser.awaitText("#explain", "(expected: a path or a URL)");
        assertThat(browser.complaints()).allMatch(each -> each.contains("400"));
    }

    @Test
    void the_configuration_names_the_line_of_each_setting() {
        open();
        browser.find("#config summary").click();

        browser.awaitText("#config", "/etc/pointsman/balancer.yaml:4:1: connect-timeout");
        assertThat(browser.text("#config")).contains("response-timeout: 5s").contains("balancer.yaml:7:3");
    }

    @Test
    void launched_instances_show_what_they_take() {
        open();

        browser.awaitText("#launchers", "2 of 3 run");
        assertThat(browser.text("#launchers"))
                .contains("catalog-2")
                .contains("357 MiB")
                .contains("15 %")
                .contains("replaced: was ended by SIGKILL");
    }

    @Test
    void where_a_launcher_keeps_no_output_no_log_is_offered() {
        balancer.keepsNoOutput();
        open();

        browser.awaitText("#launchers", "2 of 3 run");
        assertThat(browser.all("#launchers button")).isEmpty();
    }
}
