package dev.pointsman.balancer.config;

import dev.pointsman.settings.Form;

/** The program that does the cryptography of TLS. */
public enum TlsEngine {
    /** BoringSSL where it can be loaded, else the JDK. The default. */
    AUTO,
    /** The JDK, which is there in any case. */
    JDK,
    /** BoringSSL; without it the balancer does not start. */
    BORINGSSL;

    /** The form in settings. */
    static final Form<TlsEngine> FORM = Form.choice("ENGINE", "auto, jdk or boringssl", TlsEngine.class);
}
