package dev.pointsman.balancer.tls;

import java.io.ByteArrayOutputStream;
import java.nio.file.Path;
import java.security.KeyFactory;
import java.security.NoSuchAlgorithmException;
import java.security.PrivateKey;
import java.security.spec.InvalidKeySpecException;
import java.security.spec.PKCS8EncodedKeySpec;
import java.util.Arrays;
import java.util.List;

/**
 * Private keys from their DER form. The JDK reads PKCS #8 (RFC 5958) alone, so the older forms, PKCS #1 for RSA (RFC 8017, A.1.2) and
 * SEC 1 for EC (RFC 5915), are put into an envelope of it.
 */
final class PrivateKeys {
    private static final int INTEGER = 0x02;
    private static final int OCTETS = 0x04;
    private static final int OBJECT = 0x06;
    private static final int SEQUENCE = 0x30;
    /** In SEC 1: the curve. */
    private static final int CONTEXT_0 = 0xa0;

    private static final byte[] VERSION_0 = {INTEGER, 1, 0};

    /** The object identifier 1.2.840.113549.1.1.1 with its NULL of parameters. */
    private static final byte[] RSA = {
        OBJECT, 9, 0x2a, (byte) 0x86, 0x48, (byte) 0x86, (byte) 0xf7, 0x0d, 1, 1, 1, 0x05, 0
    };

    /** The object identifier 1.2.840.10045.2.1. */
    private static final byte[] EC = {OBJECT, 7, 0x2a, (byte) 0x86, 0x48, (byte) 0xce, 0x3d, 2, 1};

    private PrivateKeys() {}

    /**
     * Reads a key.
     *
     * @param label what stands behind BEGIN
     * @param parameters the curve where it stands outside of the key, else empty
     */
    static PrivateKey read(Path file, String label, byte[] der, byte[] parameters) throws BadTlsFileException {
        byte[] pkcs8 =
                switch (label) {
                    case "PRIVATE KEY" -> der;
                    case "RSA PRIVATE KEY" -> envelope(RSA, der);
                    case "EC PRIVATE KEY" -> envelope(join(EC, curve(der, parameters)), der);
                    default ->
                        throw new BadTlsFileException(
                                file, "a key of the kind " + label + " (expected: an RSA or EC key)");
                };
        for (String algorithm : List.of("RSA", "EC")) {
            try {
                return KeyFactory.getInstance(algorithm).generatePrivate(new PKCS8EncodedKeySpec(pkcs8));
            } catch (InvalidKeySpecException other) {
                // of the other algorithm, or broken
            } catch (NoSuchAlgorithmException missing) {
                throw new IllegalStateException("this JVM knows no " + algorithm, missing);
            }
        }
        throw new BadTlsFileException(file, "the private key cannot be read (expected: an RSA or EC key)");
    }

    private static byte[] envelope(byte[] algorithm, byte[] key) {
        return element(SEQUENCE, join(VERSION_0, element(SEQUENCE, algorithm), element(OCTETS, key)));
    }

    /** The name of the curve in a key of SEC 1, or the parameters beside it where it names none. */
    private static byte[] curve(byte[] der, byte[] parameters) {
        int at = contentOf(der, 0);
        while (at >= 0 && at < der.length) {
            int content = contentOf(der, at);
            int end = content < 0 ? -1 : content + lengthOf(der, at);
            if (end < 0 || end > der.length) {
                break;
            }
            if ((der[at] & 0xff) == CONTEXT_0) {
                return Arrays.copyOfRange(der, content, end);
            }
            at = end;
        }
        return parameters;
    }

    /** Where the content of the element at a position begins; -1 where there is none. */
    private static int contentOf(byte[] der, int at) {
        if (at + 1 >= der.length) {
            return -1;
        }
        int first = der[at + 1] & 0xff;
        return first < 0x80 ? at + 2 : at + 2 + (first & 0x7f);
    }

    private static int lengthOf(byte[] der, int at) {
        int first = der[at + 1] & 0xff;
        if (first < 0x80) {
            return first;
        }
        int length = 0;
        for (int i = at + 2; i < at + 2 + (first & 0x7f) && i < der.length && length >= 0; i++) {
            length = (length << 8) | (der[i] & 0xff);
        }
        return length < 0 ? der.length : length;
    }

    private static byte[] element(int tag, byte[] content) {
        ByteArrayOutputStream out = new ByteArrayOutputStream(content.length + 6);
        out.write(tag);
        if (content.length < 0x80) {
            out.write(content.length);
        } else {
            int bytes = content.length < 0x100 ? 1 : content.length < 0x10000 ? 2 : 3;
            out.write(0x80 | bytes);
            for (int i = bytes - 1; i >= 0; i--) {
                out.write(content.length >> (8 * i));
            }
        }
        out.writeBytes(content);
        return out.toByteArray();
    }

    private static byte[] join(byte[]... parts) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        for (byte[] part : parts) {
            out.writeBytes(part);
        }
        return out.toByteArray();
    }
}
