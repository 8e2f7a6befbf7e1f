# Sourced by the commands in the root: find_jdk exports JAVA_HOME, a JDK of at least $jdk_feature.
# JAVA_HOME is taken if it is new enough, then the `java` on PATH, then the newest of the usual places.
# shellcheck shell=sh

jdk_feature=25

# Prints a JDK's version as one comparable number (25.0.3 -> 25000003); 0 if there is no JDK in $1.
jdk_version() {
  if [ ! -x "$1/bin/javac" ] || [ ! -x "$1/bin/java" ]; then
    echo 0
    return
  fi
  jdk_v=
  if [ -r "$1/release" ]; then
    jdk_v=$(sed -n 's/^JAVA_VERSION="\{0,1\}\([0-9.]*\).*/\1/p' "$1/release")
  fi
  if [ -z "$jdk_v" ]; then
    jdk_v=$("$1/bin/java" -XshowSettings:properties -version 2>&1 |
      sed -n 's/^ *java\.version = \([0-9.]*\).*/\1/p')
  fi
  jdk_ifs=$IFS
  IFS=.
  # shellcheck disable=SC2086 # split at the dots
  set -- $jdk_v
  IFS=$jdk_ifs
  echo $((${1:-0} * 1000000 + ${2:-0} * 1000 + ${3:-0}))
}

jdk_fits() {
  [ "$(jdk_version "$1")" -ge $((jdk_feature * 1000000)) ]
}

# Prints the home of the `java` on PATH. It is asked itself, since links, shims and macOS's stub hide it.
jdk_on_path() {
  command -v java >/dev/null 2>&1 || return 0
  java -XshowSettings:properties -version 2>&1 | sed -n 's/^ *java\.home = //p'
}

# Prints the newest JDK that fits among the places where installers and version managers put them.
jdk_in_usual_places() {
  jdk_best=
  jdk_best_version=$((jdk_feature * 1000000 - 1))
  for jdk_home in \
    /usr/lib/jvm/* /usr/lib64/jvm/* /usr/java/* /usr/local/java/* /usr/local/jdk* /usr/local/openjdk* \
    /opt/* /opt/java/* /opt/jdk/* /snap/openjdk/current/jdk \
    "${SDKMAN_DIR:-$HOME/.sdkman}"/candidates/java/* \
    "$HOME"/.jdks/* "$HOME"/.jdk/* "$HOME"/.gradle/jdks/* "$HOME"/.jbang/cache/jdks/* \
    "${ASDF_DATA_DIR:-$HOME/.asdf}"/installs/java/* \
    "${MISE_DATA_DIR:-$HOME/.local/share/mise}"/installs/java/* \
    "${JENV_ROOT:-$HOME/.jenv}"/versions/* \
    /Library/Java/JavaVirtualMachines/*/Contents/Home \
    "$HOME"/Library/Java/JavaVirtualMachines/*/Contents/Home \
    "$HOME"/.gradle/jdks/*/Contents/Home \
    /opt/homebrew/opt/openjdk*/libexec/openjdk.jdk/Contents/Home \
    /usr/local/opt/openjdk*/libexec/openjdk.jdk/Contents/Home \
    /home/linuxbrew/.linuxbrew/opt/openjdk*/libexec \
    "$HOME"/.nix-profile/lib/openjdk /run/current-system/sw/lib/openjdk; do
    [ -d "$jdk_home" ] || continue
    jdk_found=$(jdk_version "$jdk_home")
    if [ "$jdk_found" -gt "$jdk_best_version" ]; then
      jdk_best=$jdk_home
      jdk_best_version=$jdk_found
    fi
  done
  printf '%s\n' "$jdk_best"
}

find_jdk() {
  HOME=${HOME:-/}
  if [ -n "${JAVA_HOME:-}" ] && jdk_fits "$JAVA_HOME"; then
    export JAVA_HOME
    return
  fi
  jdk_candidate=$(jdk_on_path)
  if [ -z "$jdk_candidate" ] || ! jdk_fits "$jdk_candidate"; then
    jdk_candidate=$(jdk_in_usual_places)
  fi
  if [ -n "$jdk_candidate" ]; then
    JAVA_HOME=$jdk_candidate
    export JAVA_HOME
    return
  fi
  cat >&2 <<MESSAGE
Procession needs a JDK $jdk_feature or newer, and none was found: not by JAVA_HOME (${JAVA_HOME:-not set}),
not by the java on PATH, not in the usual places. One of these installs it:

  any system      sdk install java $jdk_feature-tem             after installing https://sdkman.io
  Debian, Ubuntu  apt install openjdk-$jdk_feature-jdk-headless     where the release has it, or
                  apt install temurin-$jdk_feature-jdk              after adding https://adoptium.net/installation/linux
  Fedora, RHEL    dnf install java-$jdk_feature-openjdk-devel
  macOS           brew install openjdk@$jdk_feature
  Windows         winget install EclipseAdoptium.Temurin.$jdk_feature.JDK

Elsewhere: unpack one from https://adoptium.net and set JAVA_HOME to its folder.
MESSAGE
  exit 2
}
