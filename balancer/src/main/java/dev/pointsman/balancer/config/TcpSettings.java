package dev.pointsman.balancer.config;

import dev.pointsman.balancer.http.ProxyVersion;
import dev.pointsman.balancer.route.HostPattern;
import dev.pointsman.balancer.route.Network;
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
import org.jspecify.annotations.Nullable;

/** The part of the table about routes of TCP. */
final class TcpSettings {
    /** For a connection on which nothing is sent: sessions of databases are silent for long. */
    private static final Duration IDLE_DEFAULT = Duration.ofHours(1);

    static final Option<ListenAddress> LISTEN = row("listen", TlsSettings.ADDRESS.form())
            .example(":5432")
            .means("a host, or none for all addresses of IPv4, and a port; always needed");

    static final Option<String> TO = row("to", Form.text("TAG"))
            .caveat("Without it routes of the port come from tags, see [tcp.md](tcp.md#fabios-tags)")
            .example("postgres")
            .means(
                    "the tag, or the service name, that connections go to, or tcp://HOST:PORT, several separated by commas");

    static final Option<Boolean> PASSTHROUGH = row("tls-passthrough", Form.bool())
            .byDefault(false)
            .means(
                    "whether clients speak TLS there, which the instances end, and the name that they ask for may choose the"
                            + " route");

    static final Option<List<HostPattern>> NAMES = row(
                    "names",
                    Form.of(
                            FormKind.LIST,
                            "HOSTS",
                            "hosts such as db.example.com or *.example.com, separated by commas",
                            TcpSettings::names,
                            names -> String.join(
                                    ",",
                                    names.stream().map(HostPattern::toString).toList())))
            .shape(Shape.LIST)
            .caveat("Needs tls-passthrough; without names the route takes who asks for no name that another route has")
            .example("db.example.com")
            .means("the names that the route is for, which clients ask for by SNI");

    static final Option<ProxyVersion> SEND_PROXY = row(
                    "send-proxy", Form.choice("VERSION", "off, v1 or v2", ProxyVersion.class))
            .byDefault(ProxyVersion.OFF)
            .means("the header of the PROXY protocol that instances get before the first byte");

    static final Option<Duration> IDLE = row("tcp-idle-timeout", Form.time())
            .byDefault(IDLE_DEFAULT)
            .means("without a byte on a connection, either side, until it is closed");

    static final Option<List<Network>> ALLOW = row("allow", FilterSettings.ALLOW.form())
            .shape(Shape.LIST)
            .example("10.0.0.0/8,::1")
            .means("the only networks whose clients may connect; others are closed");

    static final Option<List<Network>> DENY = row("deny", FilterSettings.DENY.form())
            .shape(Shape.LIST)
            .example("192.0.2.0/24")
            .caveat("Counts more than `allow`")
            .means("networks whose clients may not connect and are closed");

    /** The parts of a route. */
    static final OptionTable EACH = OptionTable.of(
                    LISTEN, TO, PASSTHROUGH, NAMES, TlsSettings.PROXY_PROTOCOL, SEND_PROXY, IDLE)
            .and(OptionTable.of(
                    PickSettings.POLICY,
                    PickSettings.MAX_CONNECT_FAILS,
                    PickSettings.MAX_FAILS,
                    PickSettings.FAIL_TIMEOUT,
                    PickSettings.MAX_FAIL_TIMEOUT,
                    PickSettings.SLOW_START,
                    PickSettings.MAX_IN_FLIGHT,
                    PickSettings.MAX_REQUESTS,
                    PickSettings.QUEUE,
                    PickSettings.QUEUE_TIMEOUT,
                    ALLOW,
                    DENY))
            .and(HealthSettings.TABLE);

    static final Option<ListenAddress> TCP = Option.of("tcp", LISTEN.form())
            .label("[HOST]:PORT[=TAG][;OPTION]...")
            .of(Shape.GROUPS, EACH)
            .withFlag()
            .reloadable()
            .caveat("See [tcp.md](tcp.md)")
            .example(":5432")
            .means("a port whose connections are relayed byte by byte to the instances with TAG; may be repeated");

    static final OptionTable TABLE = OptionTable.of(TCP);

    private TcpSettings() {}

    private static <T> OptionBuilder<T> row(String key, Form<T> form) {
        return Option.of(key, form).scope(SettingScope.PART);
    }

    private static @Nullable List<HostPattern> names(String list) {
        List<HostPattern> names = new ArrayList<>();
        for (String text : list.split(",", -1)) {
            HostPattern name = HostPattern.parse(text);
            if (name == null || name.equals(HostPattern.ANY)) {
                return null;
            }
            names.add(name);
        }
        return names;
    }
}
