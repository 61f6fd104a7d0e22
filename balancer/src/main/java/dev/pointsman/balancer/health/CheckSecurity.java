package dev.pointsman.balancer.health;

import dev.pointsman.balancer.tls.ServerCertificate;
import dev.pointsman.balancer.tls.UpstreamTls;
import io.vertx.core.http.RequestOptions;
import io.vertx.core.net.ClientSSLOptions;
import io.vertx.core.net.KeyCertOptions;
import io.vertx.core.net.TrustOptions;
import java.util.Set;
import java.util.function.Supplier;
import javax.net.ssl.SSLException;
import org.jspecify.annotations.Nullable;

/** TLS of checks, with the same trust as that of requests. For one event loop. */
final class CheckSecurity {
    private static final Set<String> VERSIONS = Set.of("TLSv1.3", "TLSv1.2");

    private final Supplier<UpstreamTls> tls;
    private @Nullable SecuredBy inForce;

    /**
     * What checks are secured by.
     *
     * @param verifying where certificates are looked at
     * @param trusting where any will do
     */
    private record SecuredBy(UpstreamTls tls, ClientSSLOptions verifying, ClientSSLOptions trusting) {
        static SecuredBy of(UpstreamTls tls) {
            return new SecuredBy(tls, options(tls, true), options(tls, false));
        }

        private static ClientSSLOptions options(UpstreamTls tls, boolean verifies) {
            ClientSSLOptions options = new ClientSSLOptions()
                    .setTrustOptions(TrustOptions.wrap(tls.trust(verifies)))
                    .setHostnameVerificationAlgorithm(verifies ? "HTTPS" : "")
                    .setEnabledSecureTransportProtocols(VERSIONS);
            ServerCertificate own = tls.own();
            return own == null ? options : options.setKeyCertOptions(KeyCertOptions.wrap(tls.keys(own)));
        }
    }

    /** @param tls what is in force */
    CheckSecurity(Supplier<UpstreamTls> tls) {
        this.tls = tls;
    }

    /** Has a check go over TLS. */
    void secure(RequestOptions check, CheckSubject subject) {
        SecuredBy by = inForce;
        UpstreamTls now = tls.get();
        if (by == null || (by.tls() != now && !by.tls().isAs(now))) {
            by = SecuredBy.of(now);
            inForce = by;
        }
        check.setSsl(true)
                .setSslOptions(subject.transport().skipVerify() ? by.trusting() : by.verifying())
                .setHost(subject.transport().nameFor(subject.address()));
    }

    /** Whether a connection stood, and TLS on it did not. */
    static boolean isOfTls(Throwable failure) {
        Throwable each = failure;
        while (each != null && !(each instanceof SSLException)) {
            each = each.getCause() == each ? null : each.getCause();
        }
        return each != null;
    }
}
