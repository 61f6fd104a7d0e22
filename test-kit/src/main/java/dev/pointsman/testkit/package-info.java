/**
 * What the tests of every module share: a real Consul to test against ({@link
 * dev.pointsman.testkit.ConsulUnderTest}, {@link dev.pointsman.testkit.ConsulExtension}) and a small blocking HTTP
 * client ({@link dev.pointsman.testkit.TestHttp}). Packed as this module's test-jar.
 */
@NullMarked
package dev.pointsman.testkit;

import org.jspecify.annotations.NullMarked;
