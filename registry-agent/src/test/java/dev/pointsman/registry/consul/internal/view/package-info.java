@NullMarked
package dev.pointsman.registry.consul.internal.view;

import org.jspecify.annotations.NullMarked;
