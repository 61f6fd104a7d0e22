# shellcheck shell=bash
# The part of the start script that builds: in a checkout the jar is made by the first command, and again when its sources have
# changed. What is installed does not have this file.

jar=$home/command-line/target/pointsman.jar
# What runs. By name, and not by what the last one depends on: that would bring the tests' kit, and all that it downloads.
modules=registry-agent,load-balancing,embedded-registry,client,settings,launcher,balancer,sample-service,command-line

# The jar is out of date when any source or pom of what goes into it is newer.
up_to_date() {
    [ -f "$jar" ] || return 1
    local newer
    newer=$(find "$home/pom.xml" "$home"/*/pom.xml "$home"/*/src/main -newer "$jar" -type f -print -quit)
    [ -z "$newer" ]
}

# A build that is stopped half way leaves no jar that looks like one, and the jar that others run is not written into.
build() {
    command -v mvn >/dev/null || fail 1 "there is no mvn on the PATH, and Pointsman is not built yet (expected: Maven 3.8 or newer)"
    [ -x "$(dirname "$java")/javac" ] || [ -n "$(command -v javac || true)" ] ||
        fail 1 "$java belongs to a JRE, which cannot build (expected: a JDK 17 or newer)"
    local log=$home/target/first-build.log begun=$home/target/.build-begun made=$jar.made revision
    # As command-line/pom.xml does it for the other builds.
    revision=$(GIT_CEILING_DIRECTORIES=$(dirname "$home") git -C "$home" describe --always --abbrev=12 --dirty 2>/dev/null) ||
        revision=unknown
    # Maven takes for finished what a build that was stopped has left half written.
    [ ! -e "$begun" ] || rm -rf "$home"/*/target/classes "$home"/*/target/*-[0-9]*.jar
    # Up to date with what is there by now.
    touch "$begun"
    echo "Building Pointsman; the first time takes a minute or two, and longer where Maven's downloads are slow ..." >&2
    (cd "$home" && mvn -B -ntp -q -T 1C -Dquick -Prun-only -Dpointsman.revision="$revision" -Djar.name="${made##*/}" -pl "$modules" package) \
        >"$log" 2>&1 || {
        tail -n 20 "$log" >&2
        ! grep -q 'Could not transfer' "$log" ||
            fail 1 "Maven could not download what it needs (expected: a network, or a mirror in ~/.m2/settings.xml);" \
                "all it said is in $log"
        fail 1 "the build failed; all it said is in $log"
    }
    touch -r "$begun" "$made"
    mv -f "$made" "$jar"
    rm -f "$begun"
}

# Several terminals may be the first at the same time: one builds, the others wait for it.
build_if_needed() {
    up_to_date && return
    { mkdir -p "$home/target" && [ -w "$home/target" ]; } 2>/dev/null ||
        fail 1 "$home/target cannot be written, and Pointsman is not built here (expected: a checkout that may be written, or" \
            "an installation, see docs/install.md)"
    if command -v flock >/dev/null; then
        exec 9>"$home/target/.build.lock"
        flock 9
        up_to_date || build
        exec 9>&-
    else
        build
    fi
}
