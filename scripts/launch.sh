# Sourced by ./demo, ./bench and the commands in stress: launch MODULE MAIN ARGS... runs a main class of a
# module from its packaged jars, and builds them first only if a source is newer than the last build.
# shellcheck shell=sh

launch_root=$(CDPATH='' cd -- "$(dirname -- "$0")" && pwd)
[ -f "$launch_root/scripts/launch.sh" ] || launch_root=${launch_root%/*}
# Replaced by -DskipTests where the module uses the tests of core.
launch_skip=-Dmaven.test.skip
. "$launch_root/scripts/jdk.sh"

# Folders are compared too, so that a removed file counts.
launch_is_stale() {
  [ -f "$launch_stamp" ] || return 0
  [ -f "$launch_target/lib/procession.jar" ] || return 0
  launch_core=core/src/main
  [ "$launch_skip" = -Dmaven.test.skip ] || launch_core=core/src
  [ -n "$(cd "$launch_root" && find pom.xml core/pom.xml "$launch_core" "$1/pom.xml" "$1/src/main" \
    -newer "$launch_stamp" | head -n 1)" ]
}

launch_build() {
  launch_log=$launch_root/target/build-$1.log
  # Stamped with the start of the build: an edit made meanwhile counts.
  : >"$launch_log.start"
  printf 'building %s… ' "$1" >&2
  rm -rf "${launch_target:?}/lib"
  if ! (cd "$launch_root" && ./mvnw -B -ntp -pl "$1" -am package \
    "$launch_skip" -Dspotless.check.skip -Dmaven.javadoc.skip) >"$launch_log" 2>&1; then
    printf 'failed\n' >&2
    { grep '^\[ERROR\]' "$launch_log" || tail -n 20 "$launch_log"; } | head -n 30 >&2
    printf 'the whole log: %s\n' "$launch_log" >&2
    exit 1
  fi
  mv "$launch_log.start" "$launch_stamp"
  printf 'done\n' >&2
}

# One build of a clone at a time, where there is flock: who has waited for another's finds it made.
launch_build_once() {
  mkdir -p "$launch_root/target"
  exec 9>"$launch_root/target/build.lock"
  ! command -v flock >/dev/null || flock 9
  if launch_is_stale "$1"; then
    launch_build "$1"
  fi
  exec 9>&-
}

launch() {
  launch_target=$launch_root/$1/target
  launch_stamp=$launch_target/built.stamp
  find_jdk
  if launch_is_stale "$1"; then
    launch_build_once "$1"
  fi
  # The library comes first: a start-up cache trained on it serves only a class path that begins with it.
  launch_path=$launch_target/lib/procession.jar:$launch_target/procession-$1.jar
  for launch_jar in "$launch_target"/lib/*.jar; do
    [ "$launch_jar" = "$launch_target/lib/procession.jar" ] || launch_path=$launch_path:$launch_jar
  done
  launch_main=$2
  shift 2
  exec "$JAVA_HOME/bin/java" --enable-native-access=ALL-UNNAMED -cp "$launch_path" "$launch_main" "$@"
}
