package dev.pointsman.http;

import io.netty.util.NetUtil;

/** The grammar of the Host field (RFC 9110, 7.2): a host and perhaps a port, without user information (4.2.4). */
public final class Authority {
    /** The characters of a name (RFC 3986, 3.2.2): unreserved ones and sub-delims; percent-encoding is checked apart. */
    private static final String NAME_CHARACTERS = "-._~!$&'()*+,;=";

    private static final int HIGHEST_PORT = 65535;

    private Authority() {}

    /** Whether a value is valid. An empty one is: a client sends it that knows no host (RFC 9110, 7.2). */
    public static boolean isValidHost(String value) {
        if (value.startsWith("[")) {
            int end = value.indexOf(']');
            return end > 0
                    && NetUtil.isValidIpV6Address(value.substring(1, end))
                    && value.indexOf('%') < 0
                    && isPort(value, end + 1);
        }
        int colon = value.indexOf(':');
        int end = colon < 0 ? value.length() : colon;
        return isName(value, end) && isPort(value, end) && (end > 0 || value.isEmpty());
    }

    private static boolean isName(String value, int end) {
        int i = 0;
        while (i < end) {
            char c = value.charAt(i);
            if (c == '%') {
                boolean encoded = i + 2 < end && isHex(value.charAt(i + 1)) && isHex(value.charAt(i + 2));
                // %00 is the classic way to end a name early for a program that decodes it.
                if (!encoded || value.startsWith("00", i + 1)) {
                    return false;
                }
                i += 3;
            } else if (isAlphanumeric(c) || NAME_CHARACTERS.indexOf(c) >= 0) {
                i++;
            } else {
                return false;
            }
        }
        return true;
    }

    /** Whether it is nothing, or a colon and a port; the port may be empty (RFC 3986, 3.2.3). */
    private static boolean isPort(String value, int start) {
        if (start == value.length()) {
            return true;
        }
        int digits = value.length() - start - 1;
        if (value.charAt(start) != ':' || digits > 5) {
            return false;
        }
        int port = 0;
        for (int i = start + 1; i < value.length(); i++) {
            char c = value.charAt(i);
            if (c < '0' || c > '9') {
                return false;
            }
            port = port * 10 + c - '0';
        }
        return port <= HIGHEST_PORT;
    }

    private static boolean isAlphanumeric(char c) {
        return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9');
    }

    private static boolean isHex(char c) {
        return Character.digit(c, 16) >= 0 && c < 0x80;
    }
}
