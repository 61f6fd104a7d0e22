package dev.pointsman.balancer.config;

import dev.pointsman.balancer.route.AuthRule;
import dev.pointsman.balancer.route.CompressRule;
import dev.pointsman.balancer.route.CorsRule;
import dev.pointsman.balancer.route.HeaderEdits;
import dev.pointsman.balancer.route.Network;
import dev.pointsman.balancer.route.RateLimitRule;
import dev.pointsman.balancer.route.Redirect;
import dev.pointsman.settings.Form;
import dev.pointsman.settings.Form.FormKind;
import dev.pointsman.settings.Option;
import dev.pointsman.settings.Option.OptionBuilder;
import dev.pointsman.settings.Option.SettingScope;
import dev.pointsman.settings.Option.Shape;
import dev.pointsman.settings.OptionTable;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.function.Function;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** The part of the table by which routes do more than forward: who may use them, and what becomes of messages. */
final class FilterSettings {
    private static final Form<List<Network>> NETWORKS =
            list("NETWORKS", TrustedProxies.EXPECTED, Network::parse, Network::toString);

    /** A redirection as it is written, {@code 308,https://example.com$path}. */
    static final Option<Redirect> REDIRECT = row(
                    "redirect",
                    Form.of(
                            FormKind.TEXT,
                            "CODE,URL",
                            "a code of 301, 302, 303, 307 or 308, a comma, and " + Redirect.EXPECTED_URL,
                            FilterSettings::redirect,
                            redirect -> redirect.status() + "," + redirect.url()))
            .example("308,https://$host$path")
            .caveat(
                    "No instance is asked, and `to` may be left out; [there](routes.md#redirect) is what the variables stand"
                            + " for. A browser remembers 301 and 308 for good")
            .means("answer with this redirection; $host, $path and $query stand for those of the request");

    static final Option<String> REWRITE_MATCH = row("match", Form.text("REGEX"))
            .example("^/v(\\d+)/(.*)$")
            .means("the expression, in RE2's syntax; its first match in the path is replaced");

    static final Option<String> REWRITE_WITH = row(
                    "with", Form.of(FormKind.TEXT, "TEXT", "text", String::strip, text -> text))
            .byDefault("", "none")
            .example("/$2?version=$1")
            .means("what it is replaced with; $1 to $9 and ${NAME} are its groups, $$ is a dollar");

    static final Option<String> REWRITE = row("rewrite", REWRITE_MATCH.form())
            .parts(REWRITE_MATCH, REWRITE_WITH)
            .caveat(
                    "Acts on the path in normal form, after `strip-prefix` and before `add-prefix`; what it does not match stays"
                            + " as it was sent. See [there](routes.md#rewrite)")
            .means("rewrite the path by a regular expression, in time linear in its length");

    static final Option<List<Network>> ALLOW = row("allow", NETWORKS)
            .shape(Shape.LIST)
            .example("10.0.0.0/8,::1")
            .caveat("The client is the one that the `trusted-proxies` name. See [there](routes.md#allow-and-deny)")
            .means("the only networks whose clients may use the route; others get 403");

    static final Option<List<Network>> DENY = row("deny", NETWORKS)
            .shape(Shape.LIST)
            .example("192.0.2.0/24")
            .caveat("Counts more than `allow`")
            .means("networks whose clients may not use the route and get 403");

    static final Option<String> AUTH_FILE = row("file", Form.text("FILE"))
            .example("/etc/pointsman/users")
            .means("the htpasswd file, as htpasswd -B makes it; it is read again when it changes");

    static final Option<String> AUTH_REALM = row(
                    "realm",
                    Form.of(
                            FormKind.TEXT,
                            "TEXT",
                            "visible ASCII characters and blanks without quotes and backslashes",
                            text -> isRealm(text.strip()) ? text.strip() : null,
                            text -> text))
            .byDefault(AuthRule.NOBODY.realm())
            .means("what browsers show to those who are asked");

    static final Option<Boolean> AUTH_PASS = row("pass", Form.bool())
            .byDefault(false)
            .caveat("Then each instance learns the passwords")
            .means("whether the instance gets the Authorization field, too");

    static final Option<String> AUTH = row("auth", AUTH_FILE.form())
            .parts(AUTH_FILE, AUTH_REALM, AUTH_PASS)
            .caveat("Over plain HTTP passwords can be read on their way. See [there](routes.md#auth)")
            .means("ask for a user and a password (Basic) that stand in an htpasswd file with bcrypt hashes");

    static final Option<String> SET =
            fields("set", "fields that are set, whatever was there; with variables such as $request-id");

    static final Option<String> ADD = fields("add", "fields that are added to what is there");

    static final Option<List<String>> REMOVE = row(
                    "remove",
                    list(
                            "NAMES",
                            "names of header fields, separated by commas",
                            FilterSettings::fieldName,
                            name -> name))
            .shape(Shape.LIST)
            .example("X-Powered-By")
            .means("names of fields that are removed");

    private static final Form<Boolean> EDITS = Form.of(
            FormKind.TEXT,
            "set, add, remove",
            "set, add and remove",
            text -> text.equals("true") ? Boolean.TRUE : null,
            String::valueOf);

    static final Option<Boolean> REQUEST_HEADERS = row("request-headers", EDITS)
            .parts(SET, ADD, REMOVE)
            .caveat(
                    "Not those that frame a message or that the balancer writes itself. See [there](routes.md#header-fields)")
            .means("change the header fields that the instance gets");

    static final Option<Boolean> RESPONSE_HEADERS = row("response-headers", EDITS)
            .parts(SET, ADD, REMOVE)
            .caveat("Also in responses that the balancer gives in the instance's place")
            .means("change the header fields that the client gets");

    static final Option<List<String>> CORS_ORIGINS = row(
                    "origins", list("ORIGINS", CorsRule.EXPECTED_ORIGIN, CorsRule::origin, origin -> origin))
            .shape(Shape.LIST)
            .example("https://app.example.com,https://*.example.org")
            .means("origins, separated by commas; * for any, *. for all hosts below one");

    static final Option<List<String>> CORS_METHODS =
            words("methods", "METHODS", "as asked for", "GET,PUT").means("methods that they may use");

    static final Option<List<String>> CORS_HEADERS =
            words("headers", "NAMES", "as asked for", "Content-Type,X-Token").means("header fields that they may send");

    static final Option<List<String>> CORS_EXPOSE = words("expose", "NAMES", "none", "X-Request-Id")
            .means("header fields of responses that they may read, beside the usual ones");

    static final Option<Boolean> CORS_CREDENTIALS = row("credentials", Form.bool())
            .byDefault(false)
            .caveat("Not with `*`")
            .means("whether they may send cookies and credentials");

    static final Option<Duration> CORS_MAX_AGE = row("max-age", Form.timeFromZero())
            .byDefault(Duration.ofMinutes(10))
            .means("for how long a browser remembers what it was told");

    static final Option<List<String>> CORS = row("cors", CORS_ORIGINS.form())
            .parts(CORS_ORIGINS, CORS_METHODS, CORS_HEADERS, CORS_EXPOSE, CORS_CREDENTIALS, CORS_MAX_AGE)
            .caveat(
                    "Browsers' preflight requests are answered here, and the instance's own Access-Control fields replaced."
                            + " See [there](routes.md#cors)")
            .means("let web pages of these origins use the route");

    static final Option<RateLimitRule.Rate> RATE = row(
                    "rate",
                    Form.of(
                            FormKind.TEXT,
                            "N/s|N/m|N/h",
                            RateLimitRule.Rate.EXPECTED,
                            RateLimitRule.Rate::parse,
                            RateLimitRule.Rate::toString))
            .example("100/s")
            .means("how many requests on average, in a second, a minute or an hour");

    static final Option<Integer> BURST = row("burst", Form.number(1, 1_000_000))
            .otherwise("the number of the rate")
            .example("20")
            .means("how many may come at once");

    static final Option<RateLimitRule.CountedBy> BY = row(
                    "by",
                    Form.of(
                            FormKind.TEXT,
                            "client|route|header:NAME",
                            RateLimitRule.CountedBy.EXPECTED,
                            RateLimitRule.CountedBy::parse,
                            RateLimitRule.CountedBy::toString))
            .byDefault(RateLimitRule.CountedBy.CLIENT)
            .example("header:X-Api-Key")
            .means("whose requests are counted together: a client's address, all of the route, the value of a field");

    static final Option<RateLimitRule.Rate> RATE_LIMIT = row("rate-limit", RATE.form())
            .parts(RATE, BURST, BY)
            .caveat("Each balancer counts for itself. See [there](routes.md#rate-limit)")
            .means("answer 429 to requests beyond a rate");

    static final Option<Boolean> COMPRESS_ON = row("on", Form.bool())
            .byDefault(true)
            .means("whether to compress; for a route that others are merged into");

    static final Option<List<String>> COMPRESS_TYPES = row(
                    "types",
                    list(
                            "TYPES",
                            "media types such as text/* or application/json, separated by commas",
                            FilterSettings::mediaType,
                            type -> type))
            .shape(Shape.LIST)
            .otherwise("text, JSON, XML, JavaScript, SVG, WebAssembly, fonts")
            .example("text/*,application/json")
            .means("media types that are compressed");

    static final Option<Integer> COMPRESS_MIN = row("min-size", Form.size(0, Integer.MAX_VALUE))
            .byDefault(CompressRule.MIN_SIZE)
            .means("bytes of a response's body from which on it is compressed; one of unknown length always is");

    static final Option<Boolean> COMPRESS = row("compress", COMPRESS_ON.form())
            .parts(COMPRESS_ON, COMPRESS_TYPES, COMPRESS_MIN)
            .byDefault(false)
            .caveat(
                    "Costs this process CPU time; what an instance compressed itself stays as it is. Not where secrets and what"
                            + " an attacker sends stand in one response (BREACH). See [there](routes.md#compress)")
            .means("compress responses by gzip for clients that take it");

    /** In the order of the documentation. */
    static final OptionTable TABLE = OptionTable.of(
            REWRITE, REDIRECT, ALLOW, DENY, AUTH, REQUEST_HEADERS, RESPONSE_HEADERS, CORS, RATE_LIMIT, COMPRESS);

    private static final Pattern REDIRECT_FORM = Pattern.compile("(301|302|303|307|308)\\s*,\\s*(.+)");
    private static final Pattern MEDIA_TYPE = Pattern.compile("[a-z0-9!#$&^_.+-]+/(\\*|[a-z0-9!#$&^_.+-]+)");

    private FilterSettings() {}

    private static <T> OptionBuilder<T> row(String key, Form<T> form) {
        return Option.of(key, form).scope(SettingScope.PART).reloadable();
    }

    private static Option<String> fields(String key, String meaning) {
        return row(key, Form.any(FormKind.TEXT, "NAME=VALUE"))
                .shape(Shape.MAP)
                .example("X-Client=$client-address")
                .means(meaning);
    }

    private static OptionBuilder<List<String>> words(String key, String label, String otherwise, String example) {
        return row(key, list(label, "names, separated by commas", FilterSettings::fieldName, name -> name))
                .shape(Shape.LIST)
                .otherwise(otherwise)
                .example(example);
    }

    /** Several values in one, separated by commas. */
    private static <T> Form<List<T>> list(
            String label, String expected, Function<String, @Nullable T> read, Function<T, String> write) {
        return Form.of(
                FormKind.LIST,
                label,
                expected,
                text -> {
                    List<T> values = new ArrayList<>();
                    for (String each : text.split(",", -1)) {
                        T value = read.apply(each.strip());
                        if (value == null) {
                            return null;
                        }
                        values.add(value);
                    }
                    return values;
                },
                values -> String.join(",", values.stream().map(write).toList()));
    }

    private static @Nullable Redirect redirect(String text) {
        var form = REDIRECT_FORM.matcher(text.strip());
        return form.matches() && Redirect.isUrl(form.group(2))
                ? new Redirect(Integer.parseInt(form.group(1)), form.group(2), Redirect.RedirectDialect.NATIVE)
                : null;
    }

    private static @Nullable String fieldName(String text) {
        return HeaderEdits.isName(text) ? text : null;
    }

    private static @Nullable String mediaType(String text) {
        String type = text.toLowerCase(Locale.ROOT);
        return MEDIA_TYPE.matcher(type).matches() ? type : null;
    }

    static boolean isRealm(String text) {
        return !text.isEmpty() && text.chars().allMatch(c -> c >= ' ' && c < 0x7f && c != '"' && c != '\\');
    }
}
