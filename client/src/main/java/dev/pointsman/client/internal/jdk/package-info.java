/** The client in the form of the JDK's own, {@link java.net.http.HttpClient}, over the calls of Vert.x's form. No API. */
@NullMarked
package dev.pointsman.client.internal.jdk;

import org.jspecify.annotations.NullMarked;
