package dev.pointsman.balancer.config;

import dev.pointsman.settings.Form;
import dev.pointsman.settings.Form.FormKind;
import dev.pointsman.settings.Option;
import dev.pointsman.settings.Option.Shape;
import dev.pointsman.settings.OptionTable;
import java.util.Map;

/** The part of the table about the ports for clients, and the TLS that is spoken on them. */
final class TlsSettings {
    /** The value of {@code redirect-to-https} for the port of the first listener with TLS. */
    private static final int OF_LISTENER = 0;

    static final Option<ListenAddress> ADDRESS = Option.of(
                    "address",
                    Form.of(
                            FormKind.ADDRESS,
                            "[HOST]:PORT",
                            "[HOST]:PORT, such as :8443, 127.0.0.1:8443 or [::1]:8443",
                            ListenAddress::parseOptionalHost,
                            ListenAddress::toString))
            .example(":8443")
            .means("a host, or none for all addresses of IPv4, and a port; always needed");

    static final Option<Boolean> WITH_TLS = Option.of("tls", Form.bool())
            .byDefault(false)
            .caveat("Needs a certificate, by `tls` or `tls-dir`")
            .means("whether TLS is spoken there, and clear text is not");

    static final Option<Boolean> PROXY_PROTOCOL = Option.of("proxy-protocol", Form.bool())
            .byDefault(false)
            .caveat("Needs `trusted-proxies`; others are refused there")
            .means("whether each connection begins with a header of the PROXY protocol, v1 or v2");

    static final Option<ListenAddress> LISTEN = Option.of("listen", ADDRESS.form())
            .label("[HOST]:PORT[;tls][;proxy-protocol]")
            .of(Shape.GROUPS, OptionTable.of(ADDRESS, WITH_TLS, PROXY_PROTOCOL))
            .withFlag()
            .otherwise("host and port")
            .caveat(
                    "Instead of host and port, and by flags instead of all that the file lists; the first is the one that is taken over from another process. See"
                            + " [tls.md](tls.md)")
            .example(":8080")
            .means("where clients are served, on several ports");

    static final Option<String> CERT = Option.of("cert", Form.text("FILE"))
            .example("/etc/pointsman/example.com.crt")
            .reloadable()
            .means("a PEM file with the certificate, then those that issued it; always needed");

    static final Option<String> KEY = Option.of("key", Form.text("FILE"))
            .otherwise("the file with the certificate")
            .example("/etc/pointsman/example.com.key")
            .reloadable()
            .means("a PEM file with its private key, RSA or EC, without a password");

    static final Option<String> TLS = Option.of("tls", CERT.form())
            .label("CERT[;key=FILE]")
            .of(Shape.GROUPS, OptionTable.of(CERT, KEY))
            .withFlag()
            .caveat(
                    "Read again when it changes; see [tls.md](tls.md#certificates). The first is for clients that ask for"
                            + " no name that there is a certificate for")
            .example("/etc/pointsman/example.com.pem")
            .reloadable()
            .means("a certificate for the listeners with TLS, and its key");

    static final Option<String> TLS_DIR = Option.of("tls-dir", Form.text("FOLDER"))
            .caveat(
                    "`NAME.crt` or `NAME.pem`, with its key in `NAME.key` or in the same file. Behind those of `tls`, by"
                            + " their names")
            .example("/etc/pointsman/certificates")
            .reloadable()
            .means("a folder of certificates, which may come and go while the balancer runs");

    static final Option<Boolean> FROM_TLS_13 = Option.of(
                    "tls-min-version",
                    Form.of(
                            FormKind.CHOICE,
                            "VERSION",
                            "1.2 or 1.3",
                            text -> switch (text) {
                                case "1.2" -> false;
                                case "1.3" -> true;
                                default -> null;
                            },
                            from13 -> from13 ? "1.3" : "1.2"))
            .byDefault(false)
            .reloadable()
            .means("the lowest version of TLS that clients may speak");

    static final Option<TlsEngine> ENGINE = Option.of("tls-engine", TlsEngine.FORM)
            .byDefault(TlsEngine.AUTO)
            .caveat("`auto` is BoringSSL where it can be loaded (Linux on x86-64 and arm64), else the JDK. See"
                    + " [0043](adr/0043-tls-engine.md)")
            .means("what does the cryptography");

    static final Option<String> CLIENT_CA = Option.of("client-ca", Form.text("FILE"))
            .caveat("Read again when it changes; the subject of a certificate that is valid reaches instances as"
                    + " X-Client-Cert-Subject, which no client can set. See [tls.md](tls.md#certificates-of-clients)")
            .example("/etc/pointsman/clients-ca.pem")
            .reloadable()
            .means("a PEM file with the authorities whose certificates clients may show");

    static final Option<ClientAuth> CLIENT_AUTH = Option.of("client-auth", ClientAuth.FORM)
            .byDefault(ClientAuth.REQUIRED)
            .reloadable()
            .means("with client-ca, whether a client without a certificate is refused");

    static final Option<Integer> REDIRECT = Option.of("redirect-to-https", redirectForm())
            .byDefault(TlsConfig.NONE, "false")
            .caveat(
                    "`true` names the port of the first listener with TLS; where clients reach it by another one, give that"
                            + " one: 443. Requests for /.well-known/acme-challenge/ are served, and what a trusted proxy says came"
                            + " by https. See [tls.md](tls.md#from-http-to-https)")
            .reloadable()
            .means("whether requests in clear text get a 308 to the same URL by https");

    static final Option<Integer> HSTS = Option.of("hsts", secondsForm())
            .label("SECONDS")
            .caveat(
                    "Strict-Transport-Security (RFC 6797), on responses by TLS that have none of their own; 0 has browsers"
                            + " forget it")
            .example("31536000")
            .reloadable()
            .means("for so many seconds browsers come to this host by https alone");

    /** In the order of the documentation. */
    static final OptionTable TABLE =
            OptionTable.of(LISTEN, TLS, TLS_DIR, FROM_TLS_13, ENGINE, CLIENT_CA, CLIENT_AUTH, REDIRECT, HSTS);

    private TlsSettings() {}

    private static Form<Integer> secondsForm() {
        Form<Integer> number = Form.number(0, Integer.MAX_VALUE);
        return new Form<>(
                number.kind(),
                number.label(),
                "a number of seconds, such as 31536000 for a year",
                number.least(),
                number.most(),
                number.words(),
                number.parse(),
                number.write());
    }

    private static Form<Integer> redirectForm() {
        Map<String, Integer> words = Map.of("true", OF_LISTENER, "false", TlsConfig.NONE);
        Form<Integer> number = Form.number(1, 65535, words);
        return new Form<>(
                number.kind(),
                "BOOLEAN|PORT",
                number.expected(),
                number.least(),
                number.most(),
                number.words(),
                number.parse(),
                port -> switch (port) {
                    case OF_LISTENER -> "true";
                    case TlsConfig.NONE -> "false";
                    default -> String.valueOf(port);
                });
    }
}
