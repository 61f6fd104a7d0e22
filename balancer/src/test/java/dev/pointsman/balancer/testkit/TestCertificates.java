package dev.pointsman.balancer.testkit;

import dev.pointsman.testkit.TestAuthority;
import dev.pointsman.testkit.TestAuthority.Issued;
import java.nio.file.Path;

/** Certificates of instances in a folder, each in the way that its name says, and of a balancer. Made by openssl. */
public final class TestCertificates {
    private final TestAuthority authority;
    private final TestAuthority other;
    private final Path folder;

    /** Makes two authorities; the rest when it is asked for. */
    public TestCertificates(Path folder) {
        this.folder = folder;
        this.authority = TestAuthority.in(folder, "services-ca");
        this.other = TestAuthority.in(folder, "other-ca");
    }

    /** The authority that issues all but what another one does. */
    public Path authority() {
        return authority.cert();
    }

    /** Another one. */
    public Path otherAuthority() {
        return other.cert();
    }

    /** A certificate for the name api.internal. */
    public Issued named() {
        return authority.issue("named", "/CN=api", "api.internal");
    }

    /** One for the address 127.0.0.1. */
    public Issued addressed() {
        return addressed("addressed", "10");
    }

    /** One for the same address, past its time. */
    public Issued expired() {
        return addressed("expired", "-1");
    }

    /** One of the other authority for the name api.internal. */
    public Issued ofOther() {
        return other.issue("of-other", "/CN=api", "api.internal");
    }

    /** That of the balancer. */
    public Issued balancer() {
        return authority.issue("balancer", "/CN=balancer", "balancer.internal");
    }

    private Issued addressed(String file, String days) {
        TestAuthority.write(folder.resolve(file + ".ext"), "subjectAltName=IP:127.0.0.1\n");
        TestAuthority.openssl(
                folder,
                ("req -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -subj /CN=api -keyout " + file + ".key -out "
                                + file + ".csr")
                        .split(" ", -1));
        TestAuthority.openssl(
                folder,
                ("x509 -req -days " + days + " -in " + file + ".csr -CA services-ca.crt -CAkey services-ca.key"
                                + " -set_serial 77 -extfile " + file + ".ext -out " + file + ".crt")
                        .split(" ", -1));
        return new Issued(folder.resolve(file + ".crt"), folder.resolve(file + ".key"));
    }
}
