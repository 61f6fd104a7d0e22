package dev.pointsman.client;

import io.vertx.core.net.Address;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * The address of a service by its name, in place of a host and a port: whichever instance of it takes the request. Immutable.
 *
 * <p>The name is matched as a route's target is: by the service's name in the registry, and by a tag. With {@link
 * #withTag(String)} an instance must carry that tag besides.
 */
public final class ServiceAddress implements Address {
    private static final int LONGEST = 128;

    private final String service;
    private final @Nullable String tag;

    private ServiceAddress(String service, @Nullable String tag) {
        this.service = service;
        this.tag = tag;
    }

    /**
     * The address of all instances of a service.
     *
     * @param service the service's name, or a tag that instances of any service carry; at most {@value #LONGEST} characters
     * @throws IllegalArgumentException if it is blank, too long, or has control characters in it
     */
    public static ServiceAddress of(String service) {
        return new ServiceAddress(checked("service", service), null);
    }

    /**
     * The address of those of its instances that carry this tag, as a version of a service may have one.
     *
     * @throws IllegalArgumentException as for {@link #of(String)}
     */
    public ServiceAddress withTag(String required) {
        return new ServiceAddress(service, checked("tag", required));
    }

    private static String checked(String what, String text) {
        if (text.isBlank() || text.length() > LONGEST || text.chars().anyMatch(Character::isISOControl)) {
            throw new IllegalArgumentException(what + ": '"
                    + text.chars()
                            .limit(LONGEST)
                            .map(c -> Character.isISOControl(c) ? '?' : c)
                            .collect(StringBuilder::new, StringBuilder::appendCodePoint, StringBuilder::append)
                    + "' (expected: 1 to " + LONGEST + " characters, not blank, no control characters)");
        }
        return text;
    }

    /** The service's name, or a tag. */
    public String service() {
        return service;
    }

    /** The tag that an instance must carry besides, or null. */
    public @Nullable String tag() {
        return tag;
    }

    @Override
    public boolean equals(@Nullable Object other) {
        return other instanceof ServiceAddress that && service.equals(that.service) && Objects.equals(tag, that.tag);
    }

    @Override
    public int hashCode() {
        return 31 * service.hashCode() + Objects.hashCode(tag);
    }

    /** {@code api-service}, with a tag {@code v2.api-service}: the form in which Consul's DNS has them. */
    @Override
    public String toString() {
        return tag == null ? service : tag + "." + service;
    }
}
