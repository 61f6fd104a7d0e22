package dev.pointsman.balancer.config;

import dev.pointsman.settings.Form;

/** What is asked of clients beside their request, with TLS. */
public enum ClientAuth {
    /** A certificate; without a valid one there is no connection. */
    REQUIRED,
    /** A certificate, which clients may leave out; with one that is not valid there is no connection. */
    ASKED;

    /** The form in settings. */
    static final Form<ClientAuth> FORM = Form.choice("WHAT", "required or asked", ClientAuth.class);
}
