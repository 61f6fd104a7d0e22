package dev.pointsman.registry;

/** A followed target, see {@link Registry#watch}. Thread-safe. */
public interface Watch extends Following<ServiceView> {
    /** The tag or service name that is followed. */
    String target();
}
