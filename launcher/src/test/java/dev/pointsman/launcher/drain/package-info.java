@NullMarked
package dev.pointsman.launcher.drain;

import org.jspecify.annotations.NullMarked;
