package dev.pointsman.balancer.config;

import dev.pointsman.balancer.http.UnderscoreFields;
import dev.pointsman.http.CallerRule;
import dev.pointsman.settings.Form;
import dev.pointsman.settings.Form.FormKind;
import dev.pointsman.settings.Option;
import dev.pointsman.settings.Option.SettingScope;
import dev.pointsman.settings.Option.Shape;
import dev.pointsman.settings.OptionTable;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The table of the balancer's settings: flags, keys of the file, help texts and docs/configuration.md are made from it. Those
 * by which routes pick are in {@link PickSettings}, those that only routes have in {@link RouteSettings}.
 */
public final class BalancerSettings {
    /** The key of the registry's address. */
    public static final String CONSUL_KEY = "consul";

    /** The key of the routes. */
    public static final String ROUTE_KEY = "route";

    /** The key of the files that a file includes. */
    public static final String INCLUDE_KEY = "include";

    static final Option<String> HOST = Option.of("host", Form.text("ADDRESS"))
            .byDefault("0.0.0.0")
            .caveat("`127.0.0.1` for this machine only, `::` for IPv6 as well")
            .means("on which address clients are served");

    static final Option<Integer> PORT = Option.of("port", Form.number(0, 65535))
            .byDefault(8080)
            .means("where clients are served; 0 takes any free port, which is printed");

    static final Option<ListenAddress> ADMIN = Option.of(
                    "admin",
                    Form.of(
                            FormKind.ADDRESS,
                            "HOST:PORT",
                            ListenAddress.EXPECTED,
                            ListenAddress::parse,
                            ListenAddress::toString))
            .byDefault(new ListenAddress("127.0.0.1", 9901))
            .caveat("See [admin-api.md](admin-api.md); reading asks for no credentials, so keep it to yourself")
            .means("where the admin API is");

    static final Option<String> ADMIN_TOKEN = Option.of("admin-token", AdminAccess.TOKEN_FORM)
            .otherwise("POINTSMAN_ADMIN_TOKEN, else none")
            .caveat("The variable, or admin-token-file, is a safer place than a command line. See"
                    + " [admin-api.md](admin-api.md#who-may-write)")
            .secret()
            .reloadable()
            .means("the token that changes by the admin API have to show, 16 characters or more; without one nothing"
                    + " can be changed there");

    static final Option<String> ADMIN_TOKEN_FILE = Option.of("admin-token-file", Form.text("FILE"))
            .caveat("Read again when it changes; instead of admin-token")
            .example("/etc/pointsman/admin-token")
            .reloadable()
            .means("the file with that token");

    static final Option<String> ADMIN_ROUTES_FILE = Option.of("admin-routes-file", Form.text("FILE"))
            .caveat("Without it they are lost when the balancer stops")
            .example("/var/lib/pointsman/admin-routes.json")
            .means("the file in which routes that were given by the admin API are kept for the next start");

    static final Option<List<String>> HOST_NAMES = Option.of(
                    "host-names",
                    Form.of(
                            FormKind.LIST,
                            "NAMES",
                            "names of hosts, separated by commas, without ports",
                            BalancerSettings::hostNames,
                            names -> String.join(",", names)))
            .byDefault(List.of(), "none")
            .example("admin.example.com")
            .caveat("On loopback no other name is let through, so that no web page reaches these ports by a name of its"
                    + " own; elsewhere only if names are given here. See [admin-api.md](admin-api.md#who-may-call)")
            .means("names by which the admin API and, with dev, the embedded registry may be called, besides addresses"
                    + " and localhost");

    static final Option<String> CONSUL = Option.of(CONSUL_KEY, Form.any(FormKind.ADDRESS, "URL"))
            .otherwise("CONSUL_HTTP_ADDR, else http://127.0.0.1:8500")
            .example("https://consul.example.com:8501")
            .means("the registry");

    static final Option<Boolean> REGISTER = Option.of("register", Form.bool())
            .byDefault(true)
            .caveat("A launcher that replaces instances can then [ask](drain-protocol.md) whether one is still in use;"
                    + " not where the admin API is on loopback and the registry is not")
            .means("whether the balancer registers as pointsman-balancer with the address of its admin API");

    static final Option<String> VIEW_FILE = Option.of("view-file", Form.any(FormKind.TEXT, "FILE"))
            .caveat("See [registry trouble](registry-trouble.md)")
            .example("/var/lib/pointsman/view.json")
            .means("the file in which services are cached, to start from while the registry is down");

    static final Option<Duration> RETAIN = Option.of("retain", Form.timeOrNone())
            .otherwise("as long as it answers")
            .caveat("What deregisters in normal operation leaves at once in any case;"
                    + " see [registry trouble](registry-trouble.md)")
            .example("10m")
            .means("for how long at the most an instance stays that a doubtful response of the registry does not list,"
                    + " as long as it answers; 0: not at all");

    static final Option<Boolean> DEV = Option.of("dev", Form.bool())
            .shape(Shape.SWITCH)
            .byDefault(false)
            .caveat("See [embedded registry](embedded-registry.md)")
            .means("run the embedded registry in this process, at the registry's address; no Consul needed, for one"
                    + " machine");

    static final Option<String> ROUTE = Option.of(ROUTE_KEY, Form.any(FormKind.TEXT, "PREFIX=TAG[;OPTION]..."))
            .shape(Shape.NESTED)
            .otherwise("/api=api-service and /=webapp-service")
            .caveat("See [Routes](#routes)")
            .example("/api=api-service;strip-prefix")
            .reloadable()
            .means("send the paths below PREFIX to the instances with TAG; may be repeated, the longest prefix wins");

    static final Option<String> INCLUDE = Option.of(INCLUDE_KEY, Form.text("FILES"))
            .shape(Shape.LIST)
            .withoutFlag()
            .caveat("Relative to the folder of the file that says so; see [Several files](#several-files)")
            .example("conf.d/*.yaml")
            .reloadable()
            .means("files with more of these settings; patterns may match any number of files, in the order of their"
                    + " names");

    static final Option<Duration> CONNECT_TIMEOUT = Option.of("connect-timeout", Form.time())
            .byDefault(Duration.ofSeconds(2))
            .reloadable()
            .means("for a connection to an instance to stand; then the next instance is tried");

    static final Option<Duration> RESPONSE_TIMEOUT = Option.of("response-timeout", Form.time())
            .byDefault(Duration.ofSeconds(30))
            .scope(SettingScope.BOTH)
            .reloadable()
            .means("from a request being sent whole to the head of its response; then 504. Not above idle-timeout");

    static final Option<Duration> IDLE_TIMEOUT = Option.of("idle-timeout", Form.time())
            .byDefault(Duration.ofMinutes(5))
            .caveat("Streams that are silent for longer need more")
            .reloadable()
            .means("without a byte on a connection, either side, until it is closed");

    static final Option<Duration> HEAD_TIMEOUT = Option.of("head-timeout", Form.time())
            .byDefault(Duration.ofSeconds(10))
            .caveat("From a connection's start or the head's first byte; against clients that trickle")
            .reloadable()
            .means("for a request head to be complete; then 408");

    static final Option<Duration> GRACE = Option.of("grace", Form.timeFromZero())
            .byDefault(Duration.ofSeconds(1))
            .reloadable()
            .caveat(
                    "See [stopping](stopping.md): longer than a readiness check takes to notice; 0s where there is none")
            .means("for clients to go elsewhere when the balancer stops: it is not ready any more, still accepts, and"
                    + " closes each connection after its response");

    static final Option<Duration> DRAIN = Option.of("drain", Form.time())
            .byDefault(Duration.ofSeconds(10))
            .reloadable()
            .means("for requests in flight to finish when the balancer stops, after the grace");

    static final Option<TrustedProxies> TRUSTED_PROXIES = Option.of(
                    "trusted-proxies",
                    Form.of(
                            FormKind.LIST,
                            "NETWORKS",
                            TrustedProxies.EXPECTED,
                            TrustedProxies::parse,
                            TrustedProxies::toString))
            .byDefault(TrustedProxies.NONE, "none")
            .example("10.0.0.0/8,::1")
            .reloadable()
            .means("addresses and networks whose X-Forwarded-*, Forwarded and X-Request-Id are believed and extended;"
                    + " those of other clients are replaced, and what else spells such a field is dropped");

    static final Option<ForwardedFields> FORWARDED = Option.of("forwarded", ForwardedFields.FORM)
            .byDefault(ForwardedFields.X_FORWARDED)
            .caveat("X-Forwarded-For, -Proto, -Host, -Port, or the Forwarded of RFC 7239")
            .reloadable()
            .means("the header fields that tell instances where a request came from");

    static final Option<UnderscoreFields> UNDERSCORE_FIELDS = Option.of(
                    "underscore-fields", Form.choice("WHAT", "pass or drop", UnderscoreFields.class))
            .byDefault(UnderscoreFields.PASS)
            .caveat("Of those that pass, none spells a forwarding field; see"
                    + " [below](#what-is-passed-on-and-what-is-not)")
            .reloadable()
            .means("what becomes of a request's header fields whose names have an underscore");

    static final Option<Boolean> HTTP2 = Option.of("http2", Form.bool())
            .byDefault(true)
            .caveat(
                    "By ALPN on ports with TLS; in clear text by prior knowledge, and not by an upgrade from HTTP/1.1. See"
                            + " [HTTP/2](http2.md)")
            .means("whether clients may speak HTTP/2");

    static final Option<Integer> MAX_HEAD = Option.of("max-head", Form.size(1024, 1024 * 1024))
            .byDefault(32 * 1024)
            .caveat("The request line may be half of it. Beyond: 431, 414, or 502 for a response")
            .means("bytes of a request's and of a response's head");

    static final Option<Integer> MAX_BODY = Option.of("max-body", Form.size(0, Integer.MAX_VALUE))
            .byDefault(0)
            .scope(SettingScope.BOTH)
            .reloadable()
            .means("bytes of a request's body, 0 for any number; beyond: 413");

    static final Option<Integer> MAX_CONNECTIONS = Option.of("max-connections", Form.number(1, 1_000_000))
            .byDefault(8192)
            .caveat("Lowered at the start to what the [file descriptors](#file-descriptors) are enough for")
            .means("connections from clients at a time; those beyond get 503 and are closed");

    static final Option<String> STICKY_SECRET = Option.of("sticky-secret", Form.text("TEXT"))
            .otherwise("POINTSMAN_STICKY_SECRET, else a value that all balancers have")
            .caveat("The variable is a safer place than a command line")
            .secret()
            .means("the secret that sticky cookies are made with, 16 characters or more");

    static final Option<String> EXPLAIN_SECRET = Option.of("explain-secret", AdminAccess.TOKEN_FORM)
            .otherwise("POINTSMAN_EXPLAIN_SECRET, else none")
            .caveat("The variable, or explain-secret-file, is a safer place than a command line. See"
                    + " [explain.md](explain.md#a-request-under-way)")
            .secret()
            .reloadable()
            .means("the secret, 16 characters or more, by which a request with X-Pointsman-Explain is explained in its"
                    + " own response; without one no request is, and the field passes as any other");

    static final Option<String> EXPLAIN_SECRET_FILE = Option.of("explain-secret-file", Form.text("FILE"))
            .caveat("Read again with every reload; instead of explain-secret")
            .example("/etc/pointsman/explain-secret")
            .reloadable()
            .means("the file with that secret");

    /** The settings that are not about picking, in the order of the documentation. */
    static final OptionTable OWN = new OptionTable(List.of(
            PORT,
            HOST,
            ADMIN,
            ADMIN_TOKEN,
            ADMIN_TOKEN_FILE,
            ADMIN_ROUTES_FILE,
            HOST_NAMES,
            CONSUL,
            REGISTER,
            VIEW_FILE,
            RETAIN,
            DEV,
            ROUTE,
            INCLUDE,
            CONNECT_TIMEOUT,
            RESPONSE_TIMEOUT,
            IDLE_TIMEOUT,
            HEAD_TIMEOUT,
            GRACE,
            DRAIN,
            TRUSTED_PROXIES,
            FORWARDED,
            UNDERSCORE_FIELDS,
            HTTP2,
            MAX_HEAD,
            MAX_BODY,
            MAX_CONNECTIONS,
            STICKY_SECRET,
            EXPLAIN_SECRET,
            EXPLAIN_SECRET_FILE));

    /** All settings of the balancer: its flags, and the keys of its file. */
    public static final OptionTable TABLE = OWN.and(TlsSettings.TABLE)
            .and(TcpSettings.TABLE)
            .and(TransportSettings.TABLE)
            .and(ObservationSettings.TABLE)
            .and(AnnouncementSettings.TABLE)
            .and(PickSettings.TABLE);

    private BalancerSettings() {}

    private static @Nullable List<String> hostNames(String list) {
        List<String> names =
                Arrays.stream(list.split(",", -1)).map(String::strip).toList();
        return names.stream().allMatch(CallerRule::isName) ? names : null;
    }
}
