package dev.pointsman.system;

import static dev.pointsman.system.Cluster.API;
import static org.assertj.core.api.Assertions.assertThat;

import dev.pointsman.system.Load.LoadKind;
import dev.pointsman.testkit.FreePorts;
import dev.pointsman.testkit.NeedsPrograms;
import dev.pointsman.testkit.TestAuthority;
import dev.pointsman.testkit.TestAuthority.Issued;
import java.io.IOException;
import java.net.InetAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.security.cert.X509Certificate;
import java.util.regex.Pattern;
import javax.net.SocketFactory;
import javax.net.ssl.SSLSocket;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

/** Certificates that are exchanged in their files again and again, in every way in which people do it, while requests come. */
@NeedsPrograms(value = "openssl", debianPackage = "openssl")
class CertificatesUnderLoadIT {
    private static final int TIMES = 20;

    @TempDir
    Path folder = Path.of(".");

    @RegisterExtension
    final Cluster cluster = new Cluster();

    private final int tls = FreePorts.take();

    @Test
    void no_request_fails_while_certificates_are_exchanged_and_one_is_broken() throws Exception {
        TestAuthority authority = TestAuthority.in(folder, "ca");
        Issued[] issued = {
            authority.issue("one", "/CN=one", "localhost"), authority.issue("two", "/CN=two", "localhost")
        };
        exchange(issued[0], true);
        BalancerProcess balancer = start();
        SocketFactory sockets = ClientTls.context(authority.cert(), null).getSocketFactory();
        Load kept = cluster.loadOn(tls, "/api/x", LoadKind.GETS, sockets);
        Load fresh = cluster.loadOn(tls, "/api/x", LoadKind.GETS_ON_NEW_CONNECTIONS, sockets);
        kept.awaitMore(10);

        for (int i = 1; i <= TIMES; i++) {
            if (i == TIMES / 2) {
                Files.writeString(folder.resolve("shown.crt"), "-----BEGIN CERTIFICATE-----\nMIIB");
                balancer.program().awaitOutput("what is wrong", Pattern.compile("WARN.*shown\\.crt.*"));
                fresh.awaitMore(10);
            }
            exchange(issued[i % 2], i % 4 < 2);
            awaitShown(sockets, i % 2 == 0 ? "CN=one" : "CN=two");
            fresh.awaitMore(4);
        }

        kept.endsWithoutFailure();
        fresh.endsWithoutFailure();
        assertThat(balancer.program().output()).doesNotContain("Exception");
    }

    private BalancerProcess start() {
        Program unused = cluster.startRegistry(0);
        BalancerProcess balancer = BalancerProcess.awaitReady(cluster.pointsman(
                "balancer",
                "--consul",
                cluster.registry(),
                "--admin",
                "127.0.0.1:0",
                "--listen",
                "127.0.0.1:0",
                "--listen",
                "127.0.0.1:" + tls + ";tls",
                "--tls",
                folder.resolve("shown.crt") + ";key=" + folder.resolve("shown.key")));
        cluster.service(API);
        balancer.awaitReadyInstances(API, 1);
        return balancer;
    }

    /**
     * Puts a certificate and its key in the place of those that are there, one after the other.
     *
     * @param renaming each at once; else it is written over, byte after byte, and can be read half
     */
    private void exchange(Issued next, boolean renaming) throws IOException {
        put(next.cert(), folder.resolve("shown.crt"), renaming);
        put(next.key(), folder.resolve("shown.key"), renaming);
    }

    private void put(Path from, Path to, boolean renaming) throws IOException {
        if (renaming) {
            Path beside = Files.copy(from, folder.resolve("beside"), StandardCopyOption.REPLACE_EXISTING);
            Path unused = Files.move(beside, to, StandardCopyOption.ATOMIC_MOVE);
        } else {
            Path unused = Files.write(to, Files.readAllBytes(from));
        }
    }

    private void awaitShown(SocketFactory sockets, String subject) {
        Soon.isTrue("the certificate of " + subject, () -> {
            try (SSLSocket socket = (SSLSocket) sockets.createSocket(InetAddress.getLoopbackAddress(), tls)) {
                X509Certificate shown = (X509Certificate) socket.getSession().getPeerCertificates()[0];
                return shown.getSubjectX500Principal().getName().equals(subject);
            }
        });
    }
}
