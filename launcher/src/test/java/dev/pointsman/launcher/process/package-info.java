@NullMarked
package dev.pointsman.launcher.process;

import org.jspecify.annotations.NullMarked;
