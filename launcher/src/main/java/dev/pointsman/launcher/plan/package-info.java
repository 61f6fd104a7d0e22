/** Reads what a launcher is to run, from flags, a services.yaml or a Procfile, and lists everything that is wrong with it at once. */
@NullMarked
package dev.pointsman.launcher.plan;

import org.jspecify.annotations.NullMarked;
