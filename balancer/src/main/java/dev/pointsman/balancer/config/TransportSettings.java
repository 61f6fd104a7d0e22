package dev.pointsman.balancer.config;

import dev.pointsman.balancer.http.UpstreamProtocol;
import dev.pointsman.balancer.http.UpstreamTransport;
import dev.pointsman.settings.Form;
import dev.pointsman.settings.Form.FormKind;
import dev.pointsman.settings.Option;
import dev.pointsman.settings.Option.OptionBuilder;
import dev.pointsman.settings.Option.SettingScope;
import dev.pointsman.settings.OptionTable;
import dev.pointsman.settings.Setting;
import dev.pointsman.settings.Settings;
import java.util.List;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** The part of the table by which instances are spoken to: by which protocol, and whom TLS to them trusts. */
final class TransportSettings {
    private static final Pattern NAME =
            Pattern.compile("[A-Za-z0-9_]([A-Za-z0-9._-]*[A-Za-z0-9_])?|[0-9A-Fa-f:]*:[0-9A-Fa-f]*:[0-9A-Fa-f:.]*");
    private static final int LONGEST_NAME = 253;
    private static final Form<String> SERVER_NAME = Form.of(
            FormKind.TEXT,
            "NAME",
            "the name of a host, or an IP address, without a port",
            TransportSettings::serverName,
            text -> text);

    static final Option<String> UPSTREAM_CA = file("upstream-ca")
            .otherwise("the authorities of the JDK")
            .caveat("Instead of those of the JDK. Read again when it changes. See"
                    + " [TLS to instances](tls-to-instances.md)")
            .example("/etc/pointsman/services-ca.pem")
            .means("a PEM file with the authorities that issue the certificates of instances");

    static final Option<String> UPSTREAM_CERT = file("upstream-cert")
            .caveat("Needs upstream-key. Read again when it changes")
            .example("/etc/pointsman/balancer.pem")
            .means(
                    "a PEM file with the certificate that is shown to instances that ask for one, and those that issued it");

    static final Option<String> UPSTREAM_KEY = file("upstream-key")
            .caveat("Without a password, and readable by the balancer's user alone. Read again when it changes")
            .example("/etc/pointsman/balancer.key")
            .means("a PEM file with the key of that certificate");

    static final Option<String> UPSTREAM_SERVER_NAME = Option.of("upstream-server-name", SERVER_NAME)
            .otherwise("the address that each instance registered")
            .caveat("Instances that register an IP address need it, or a certificate for that address")
            .example("services.internal")
            .reloadable()
            .means("the name that the certificates of instances have to be for, and that is sent to them (SNI)");

    /** Settings of the balancer. */
    static final OptionTable TABLE = OptionTable.of(UPSTREAM_CA, UPSTREAM_CERT, UPSTREAM_KEY, UPSTREAM_SERVER_NAME);

    static final Option<UpstreamProtocol> PROTO = row(
                    "proto", Form.choice("PROTOCOL", "http, https, h2c, h2, grpc or grpcs", UpstreamProtocol.class))
            .byDefault(UpstreamProtocol.HTTP)
            .caveat("See [TLS to instances](tls-to-instances.md), [HTTP/2](http2.md) and [gRPC](grpc.md)")
            .means(
                    "the protocol that instances are spoken to in: HTTP/1.1 in clear text (http) or over TLS (https), HTTP/2 (h2c, h2) or gRPC (grpc, grpcs)");

    static final Option<String> ROUTE_SERVER_NAME = row("server-name", SERVER_NAME)
            .otherwise("upstream-server-name")
            .example("api.internal")
            .means("the name that the certificates of the instances have to be for, and that is sent to them (SNI)");

    static final Option<Boolean> SKIP_VERIFY = row("tls-skip-verify", Form.bool())
            .byDefault(false)
            .caveat("Whoever is in between can read and change everything; the log warns of it")
            .means("whether any certificate of the instances will do");

    /** Settings of a route. */
    static final OptionTable ROUTE = OptionTable.of(PROTO, ROUTE_SERVER_NAME, SKIP_VERIFY);

    private TransportSettings() {}

    private static OptionBuilder<String> file(String key) {
        return Option.of(key, Form.text("FILE")).reloadable();
    }

    private static <T> OptionBuilder<T> row(String key, Form<T> form) {
        return Option.of(key, form).scope(SettingScope.PART).reloadable();
    }

    private static @Nullable String serverName(String text) {
        String name = text.strip();
        return name.length() <= LONGEST_NAME && NAME.matcher(name).matches() ? name : null;
    }

    /** Reads how instances are spoken to. Problems are added to the settings. */
    static UpstreamTransport read(Settings given) {
        UpstreamProtocol protocol = given.get(PROTO);
        Setting setting = given.last(PROTO.key());
        if (setting != null && !protocol.isServed()) {
            given.problem(setting, PROTO.form().expected() + "; " + protocol + " to instances is not served yet");
        }
        String forAll = given.find(UPSTREAM_SERVER_NAME);
        String own = given.find(ROUTE_SERVER_NAME);
        String name = own != null ? own : forAll != null ? forAll : "";
        return new UpstreamTransport(protocol, name, given.get(SKIP_VERIFY));
    }

    /** Refuses a protocol in clear text beside upstreams that are written down with https://: one of them is not meant. */
    static void refuseBesideHttps(Settings given, Settings problems) {
        Setting setting = given.last(PROTO.key());
        UpstreamProtocol protocol =
                setting == null ? null : PROTO.form().parse().apply(setting.value());
        if (setting != null && protocol != null && !protocol.isTls()) {
            problems.problem(
                    setting,
                    protocol.overTls() + ", or http:// in the place of https://: " + protocol + " is in clear text");
        }
    }

    /**
     * Refuses what only TLS has where nothing is sent over TLS: whoever wrote it believes that it is.
     *
     * @param problems takes them
     */
    static void refuseWithoutTls(Settings given, UpstreamTransport transport, Settings problems) {
        if (transport.protocol().isTls()) {
            return;
        }
        for (Option<?> option : List.of(ROUTE_SERVER_NAME, SKIP_VERIFY)) {
            Setting setting = given.last(option.key());
            if (setting != null && (!option.equals(SKIP_VERIFY) || given.get(SKIP_VERIFY))) {
                problems.problem(setting.source() + ": it has no effect in clear text (expected: " + PROTO.key()
                        + " beside it, such as https)");
            }
        }
    }
}
