package dev.pointsman.pick;

import java.util.function.LongSupplier;

/**
 * The inputs of policies that are not in a configuration's {@code policy}.
 *
 * @param seeds seeds of policies that draw at random; each call gives another one
 * @param stickySecret the secret of sticky cookies, see {@link Sticky}: 16 bytes or more in UTF-8
 */
public record PolicyInputs(LongSupplier seeds, String stickySecret) {}
