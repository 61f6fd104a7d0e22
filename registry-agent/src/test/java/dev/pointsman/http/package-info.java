@NullMarked
package dev.pointsman.http;

import org.jspecify.annotations.NullMarked;
