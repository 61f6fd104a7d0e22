package dev.pointsman.system.dashboard;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.pointsman.testkit.ChromiumCommands;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.logging.Level;
import org.jspecify.annotations.Nullable;
import org.openqa.selenium.By;
import org.openqa.selenium.NoSuchElementException;
import org.openqa.selenium.OutputType;
import org.openqa.selenium.StaleElementReferenceException;
import org.openqa.selenium.WebElement;
import org.openqa.selenium.chrome.ChromeDriver;
import org.openqa.selenium.chrome.ChromeDriverService;
import org.openqa.selenium.chrome.ChromeOptions;
import org.openqa.selenium.interactions.Actions;
import org.openqa.selenium.logging.LogType;
import org.openqa.selenium.logging.LoggingPreferences;

/** A real Chromium without a window. */
public final class Browser implements AutoCloseable {
    private static final Duration PATIENCE = Duration.ofSeconds(20);

    private final ChromeDriver driver;

    private Browser(ChromeDriver driver) {
        this.driver = driver;
    }

    /** Starts one with nothing remembered, as on a desk. */
    public static Browser start() {
        ChromeOptions options = new ChromeOptions();
        options.setBinary(ChromiumCommands.chromium().orElseThrow().toFile());
        options.addArguments(
                "--headless=new", "--disable-gpu", "--hide-scrollbars", "--disable-dev-shm-usage", "--no-first-run");
        if ("root".equals(System.getProperty("user.name"))) {
            // Chromium's sandbox refuses to be root's.
            options.addArguments("--no-sandbox");
        }
        LoggingPreferences logs = new LoggingPreferences();
        logs.enable(LogType.BROWSER, Level.ALL);
        options.setCapability("goog:loggingPrefs", logs);
        ChromeDriverService service = new ChromeDriverService.Builder()
                .usingDriverExecutable(ChromiumCommands.driver().orElseThrow().toFile())
                .usingAnyFreePort()
                .build();
        Browser browser = new Browser(new ChromeDriver(service, options));
        browser.size(1280, 900);
        return browser;
    }

    /** Opens a page as one that was never here before. */
    public Browser open(String url) {
        driver.get("about:blank");
        complaints();
        driver.get(url);
        return this;
    }

    /** Has the page be so wide and high, in CSS pixels. */
    Browser size(int width, int height) {
        driver.executeCdpCommand(
                "Emulation.setDeviceMetricsOverride",
                Map.of("width", width, "height", height, "deviceScaleFactor", 1, "mobile", width < 600));
        return this;
    }

    /** Has the user prefer light or dark. */
    Browser scheme(String scheme) {
        driver.executeCdpCommand(
                "Emulation.setEmulatedMedia",
                Map.of("features", List.of(Map.of("name", "prefers-color-scheme", "value", scheme))));
        return this;
    }

    public WebElement find(String css) {
        return driver.findElement(By.cssSelector(css));
    }

    public List<WebElement> all(String css) {
        return driver.findElements(By.cssSelector(css));
    }

    /** The button with this text, or whose text begins with it. */
    public WebElement button(String text) {
        return driver.findElement(By.xpath("//button[starts-with(normalize-space(.), '" + text + "')]"));
    }

    public void press(CharSequence... keys) {
        new Actions(driver).sendKeys(keys).perform();
    }

    /** What a script returns. */
    public @Nullable Object run(String script, Object... arguments) {
        return driver.executeScript(script, arguments);
    }

    /** The whole number that a script returns. */
    public long number(String script) {
        if (run(script) instanceof Long number) {
            return number;
        }
        throw new AssertionError("no number came of: " + script);
    }

    /** What a script calls its last argument with. */
    @Nullable
    Object runLater(String script, Object... arguments) {
        driver.manage().timeouts().scriptTimeout(Duration.ofSeconds(60));
        return driver.executeAsyncScript(script, arguments);
    }

    /** Text as it is seen, of all that matches; none where nothing does. */
    public String text(String css) {
        StringBuilder text = new StringBuilder();
        all(css).forEach(each -> text.append(each.getText()).append('\n'));
        return text.toString().replace('\u00a0', ' ');
    }

    /** Waits until the text of what matches has this in it. */
    public void awaitText(String css, String expected) {
        await(css + " to say: " + expected)
                .atMost(PATIENCE)
                .ignoreException(StaleElementReferenceException.class)
                .untilAsserted(() -> assertThat(text(css)).contains(expected));
    }

    public void awaitGone(String css) {
        await(css + " to be gone").atMost(PATIENCE).until(() -> all(css).isEmpty());
    }

    /** Waits until the first that matches is seen. */
    public WebElement shown(String css) {
        return await(css)
                .atMost(PATIENCE)
                .ignoreException(NoSuchElementException.class)
                .until(() -> find(css), WebElement::isDisplayed);
    }

    /** What the browser has complained about since it was last asked: scripts that fail, and what a policy forbade. */
    public List<String> complaints() {
        List<String> found = new ArrayList<>();
        driver.manage().logs().get(LogType.BROWSER).forEach(entry -> {
            if (entry.getLevel().intValue() >= Level.WARNING.intValue()) {
                found.add(entry.getMessage());
            }
        });
        return found;
    }

    /** What axe finds that keeps people from using the page, serious or critical, a line each. */
    @SuppressWarnings("unchecked")
    List<String> axe() {
        run(axeScript());
        Object found = runLater("""
                const done = arguments[arguments.length - 1];
                axe.run(document, { resultTypes: ['violations'] }).then(
                  (results) => done(results.violations
                    .filter((each) => each.impact === 'serious' || each.impact === 'critical')
                    .flatMap((each) => each.nodes.map((node) => each.id + ': ' + node.html.slice(0, 160) + ' ' + node.failureSummary))),
                  (error) => done(['axe failed: ' + error]));
                """);
        return found == null ? List.of("axe said nothing") : (List<String>) found;
    }

    private static String axeScript() {
        try (InputStream in = Browser.class.getResourceAsStream("/axe.min.js")) {
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Writes what is seen to a file. */
    void picture(Path file) {
        try {
            Files.createDirectories(file.getParent());
            Files.write(file, driver.getScreenshotAs(OutputType.BYTES));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Override
    public void close() {
        driver.quit();
    }
}
