# Sourced by the scripts beside it, not run: where the project is, its build, Java, Spark's launcher.
# Settings: SPARK_HOME (a Spark 4.1 distribution; else the one from Maven is used), JAVA_HOME.

root=$(CDPATH='' cd -P -- "$(dirname -- "${BASH_SOURCE[0]}")/.." && pwd)

say() { printf 'firesteel: %s\n' "$1" >&2; }

# die MESSAGE [CODE]: 2 is a mistake in the command line, 1 anything else.
die() {
  say "$1"
  exit "${2:-1}"
}

# Java takes the encoding of arguments, of names of files and of what it prints from the locale. Where that has ASCII only, as C has
# and one that is not installed, they are UTF-8 all the same.
case $(locale charmap 2>/dev/null) in
  ANSI_X3.4-1968 | US-ASCII | 646)
    if [ "$(env LC_ALL=C.UTF-8 locale charmap 2>/dev/null)" = UTF-8 ]; then export LC_ALL=C.UTF-8; fi
    ;;
esac

# usage: the comment at the head of the script that calls it, and exit code 2.
usage() {
  manual >&2
  exit 2
}

manual() { sed -n '2,/^[^#]/s/^# \{0,1\}//p' "$0"; }

# need_spark_module MODULE NAME: ends with one line unless the Spark in use can run on that kind of cluster.
need_spark_module() {
  local jars=${SPARK_HOME:-$root/target/spark}/jars
  ls "$jars/spark-$1_"*.jar >/dev/null 2>&1 ||
    die "$jars has no spark-$1_*.jar: set SPARK_HOME to a Spark 4.1 distribution with $2" 2
}

# Sets java and java_version, or ends with one line that says what is missing. A JDK's file "release" tells its version
# sooner than starting it does.
find_java() {
  local release line
  if [ -n "${JAVA_HOME:-}" ]; then
    java=$JAVA_HOME/bin/java
    [ -x "$java" ] || die "JAVA_HOME is '$JAVA_HOME', which has no bin/java" 2
  else
    java=$(command -v java) || die "Java not found: install a JDK, 17 to 22, or set JAVA_HOME" 2
  fi
  java_version=
  release=$(readlink -f "$java" 2>/dev/null) && release=${release%/bin/java}/release
  if [ -r "$release" ]; then
    while IFS= read -r line; do
      case $line in
        JAVA_VERSION=*) java_version=${line#*=} ;;
        MODULES=*jdk.incubator.vector*) ;;
        MODULES=*) die "$java lacks the module jdk.incubator.vector: install a whole JDK, 17 to 22, or set JAVA_HOME to one" 2 ;;
      esac
    done <"$release"
  fi
  if [ -z "$java_version" ]; then
    java_version=$("$java" -version 2>&1) || die "'$java -version' fails: install a JDK, 17 to 22, or set JAVA_HOME" 2
    java_version=${java_version#*version }
  fi
  java_version=${java_version#\"}
  java_version=${java_version%%\"*}
  case ${java_version%%[!0-9]*} in
    17 | 18 | 19 | 2[0-2]) ;; # Hadoop 3.4 calls Subject.getSubject, which newer ones refuse
    *) die "Java 17 to 22 is needed, and $java is $java_version: set JAVA_HOME to another JDK" 2 ;;
  esac
}

# True when something to build is missing, or older than the sources.
stale() {
  local source sources=()
  [ -f "$root/target/firesteel.jar" ] && [ -d "$root/target/lib" ] &&
    [ -n "$(ls "$root/target/spark/jars" 2>/dev/null)" ] || return 0
  for source in "$root/pom.xml" "$root/src/main" "$root"/src/spark-*; do
    if [ -e "$source" ]; then sources+=("$source"); fi
  done
  [ ${#sources[@]} -gt 0 ] && [ -n "$(find "${sources[@]}" -newer "$root/target/firesteel.jar" -print)" ]
}

# Builds when that is needed. One process builds, others wait for it; stdout stays clean.
build() {
  local target=$root/target
  stale || return 0
  [ -f "$root/pom.xml" ] || die "$target/firesteel.jar is missing, and there is no pom.xml to build it from"
  find_java
  command -v mvn >/dev/null || die "Maven not found: install mvn (3.6.3 or newer) to build Firesteel"
  mkdir -p "$target"
  (
    if command -v flock >/dev/null; then
      flock 9
    else
      until mkdir "$target/build.lock.d" 2>/dev/null; do
        say "waiting for another build (if there is none: rmdir '$target/build.lock.d')"
        sleep 5
      done
      trap 'rmdir "$target/build.lock.d"' EXIT
    fi
    stale || exit 0
    say "building (the first time takes some minutes: Maven fetches Spark)"
    : >"$target/build.started"
    cd "$root"
    # Without noreset Maven ends with codes that reset a terminal's colours, also where there is none.
    MAVEN_OPTS="-Djansi.noreset=true ${MAVEN_OPTS:-}" mvn -q -B -DskipTests package </dev/null >&2 9>&- ||
      die "the build failed: see Maven's messages above"
    # The plugins leave a jar alone whose content has not changed: date it here.
    touch -r "$target/build.started" "$target/firesteel.jar"
  ) 9>"$target/build.lock" || exit 1
}

# The Spark home for Spark's own launcher and its children: Maven's, unless the user has one.
use_spark_home() {
  export SPARK_HOME=${SPARK_HOME:-$root/target/spark} SPARK_SCALA_VERSION=${SPARK_SCALA_VERSION:-2.13}
}

# launch_command CLASS ARGS...: asks Spark's launcher for the Java command that runs CLASS, into the array command.
launch_command() {
  local launcher word code
  launcher=$(ls "$SPARK_HOME"/jars/spark-launcher_*.jar 2>/dev/null) || die "SPARK_HOME is '$SPARK_HOME', which has no jars/spark-launcher_*.jar"
  command=()
  # It prints an empty word, a line break, and the command, each word ended by NUL; its exit code is added.
  while IFS= read -r -d '' word; do
    command+=("${word#$'\n'}")
  done < <(
    code=0
    "$java" -Xmx128m -XX:TieredStopAtLevel=1 -cp "$launcher" org.apache.spark.launcher.Main "$@" || code=$?
    printf '\0%d\0' "$code"
  )
  code=${command[${#command[@]} - 1]}
  [ "$code" -eq 0 ] || exit "$code"
  command=("${command[@]:1:${#command[@]}-3}")
}
