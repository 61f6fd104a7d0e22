@NullMarked
package dev.pointsman.launcher.loop;

import org.jspecify.annotations.NullMarked;
