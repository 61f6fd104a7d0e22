package dev.pointsman.balancer.dashboard;

import static org.assertj.core.api.Assertions.assertThat;

import dev.pointsman.testkit.TestHttp;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpServer;
import io.vertx.ext.web.Router;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class DashboardPageTest {
    private static final Path SOURCES = Path.of("src/main/resources/dev/pointsman/balancer/dashboard");
    private static final Pattern IMPORT = Pattern.compile("from '([^']+)'");

    private final Vertx vertx = Vertx.vertx();
    private TestHttp http = new TestHttp("http://127.0.0.1:1");

    @BeforeEach
    void serve() throws Exception {
        Router router = Router.router(vertx);
        new DashboardPage().mount(router);
        HttpServer server =
                finish(vertx.createHttpServer().requestHandler(router).listen(0, "127.0.0.1"));
        http = new TestHttp("http://127.0.0.1:" + server.actualPort());
    }

    @AfterEach
    void close() throws Exception {
        finish(vertx.close());
    }

    @Test
    void the_page_is_at_the_root_and_lets_the_browser_take_nothing_from_elsewhere() {
        TestHttp.Reply page = http.get("/?q=a&only=trouble");

        assertThat(page.status()).isEqualTo(200);
        assertThat(page.header("Content-Type")).isEqualTo("text/html; charset=utf-8");
        assertThat(page.header("X-Content-Type-Options")).isEqualTo("nosniff");
        assertThat(page.header("Content-Security-Policy"))
                .startsWith(
                        "default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self'; img-src 'self'")
                .contains("frame-ancestors 'none'")
                .doesNotContain("unsafe");
        assertThat(page.body())
                .contains("<h1>Pointsman</h1>")
                .doesNotContain("<style")
                .doesNotContain("//");
        assertThat(references(page.body(), Pattern.compile("(?:href|src)=\"([^\"]+)\"")))
                .noneMatch(each -> each.startsWith("/"));
    }

    @Test
    void what_has_not_changed_is_not_sent_again() {
        TestHttp.Reply first = http.get("/dashboard/app.js");
        assertThat(first.header("Cache-Control")).isEqualTo("no-cache");

        String tag = String.valueOf(first.header("ETag"));
        TestHttp.Reply again = http.send("GET", "/dashboard/app.js", null, Map.of("If-None-Match", "\"x\", W/" + tag));
        assertThat(again.status()).isEqualTo(304);
        assertThat(again.body()).isEmpty();
        assertThat(again.header("ETag")).isEqualTo(tag);
        assertThat(http.send("GET", "/dashboard/app.js", null, Map.of("If-None-Match", "\"x\""))
                        .status())
                .isEqualTo(200);
    }

    @Test
    void a_head_request_gets_the_fields_alone() {
        TestHttp.Reply head = http.send("HEAD", "/", null, Map.of());

        assertThat(head.status()).isEqualTo(200);
        assertThat(head.body()).isEmpty();
        assertThat(head.header("ETag")).isEqualTo(http.get("/").header("ETag"));
    }

    @Test
    void every_file_of_the_page_is_served_and_no_other() throws IOException {
        try (Stream<Path> sources = Files.walk(SOURCES)) {
            assertThat(sources.filter(Files::isRegularFile)
                            .map(each -> SOURCES.relativize(each).toString())
                            .filter(each -> !each.equals(DashboardPage.INDEX)))
                    .as("with the libraries, which the build adds")
                    .containsExactlyInAnyOrderElementsOf(DashboardPage.FILES.stream()
                            .filter(each -> !each.startsWith("lib/"))
                            .toList());
        }
        for (String file : DashboardPage.FILES) {
            assertThat(http.get("/dashboard/" + file).status()).as(file).isEqualTo(200);
        }
        assertThat(http.get("/dashboard/DashboardPage.class").status()).isEqualTo(404);
        assertThat(http.get("/dashboard/..%2findex.html").status()).isEqualTo(404);
    }

    @Test
    void modules_import_each_other_by_relative_addresses_of_files_that_are_served() {
        for (String file : DashboardPage.FILES) {
            if (file.endsWith(".js") && !file.startsWith("lib/")) {
                for (String imported : references(source(file), IMPORT)) {
                    assertThat(imported).as("import of " + file).startsWith(".");
                    Path folder = Path.of(file).getParent();
                    Path at = (folder == null ? Path.of(imported) : folder.resolve(imported)).normalize();
                    assertThat(DashboardPage.FILES).as("imports of " + file).contains(at.toString());
                }
            }
        }
    }

    @Test
    void no_module_makes_markup_of_text() {
        for (String file : DashboardPage.FILES) {
            if (file.endsWith(".js") && !file.startsWith("lib/")) {
                assertThat(source(file))
                        .as(file)
                        .doesNotContain("innerHTML", "dangerously", "insertAdjacentHTML", "eval(", "new Function");
            }
        }
    }

    private static String source(String file) {
        try {
            return Files.readString(SOURCES.resolve(file));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static List<String> references(String text, Pattern pattern) {
        return pattern.matcher(text)
                .results()
                .map((MatchResult found) -> found.group(1))
                .toList();
    }

    private static <T> T finish(Future<T> future) throws Exception {
        return future.toCompletionStage().toCompletableFuture().get(15, TimeUnit.SECONDS);
    }
}
