package dev.pointsman.balancer.tls;

import java.nio.file.Path;

/**
 * The files of one certificate.
 *
 * @param cert the certificate, then those that issued it
 * @param key its key; the same file where it has both
 */
public record CertificateFiles(Path cert, Path key) {}
