/** The files in {@code deploy/kubernetes}, as the tests read them. */
@NullMarked
package dev.pointsman.cli.kubernetes;

import org.jspecify.annotations.NullMarked;
