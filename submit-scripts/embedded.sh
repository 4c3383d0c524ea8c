# Sourced by spark-submit, after common.sh: runs a command on embedded Spark as one Java process. Spark's own launcher is a
# second process, and loads the program by a class loader whose classes cannot come from an archive.

class_path=$root/target/firesteel.jar:$root/target/lib/*:$root/target/spark/jars/*

# Settings that SparkSubmit or its launcher acts on, and options that a process list should not show.
needs_spark_submit() {
  case $1 in
    spark.driver.*Java* | spark.driver.*Path* | spark.driver.userClassPathFirst | spark.jars* | spark.files | spark.archives | \
      spark.submit.* | spark.remote | spark.api.mode | spark.kerberos.* | spark.yarn.*) ;;
    *[Ss]ecret* | *[Pp]assw* | *[Tt]oken* | *[Cc]redential* | *[Kk]ey*) ;;
    spark.*) return 1 ;;
  esac
}

# set_spark NAME VALUE: notes one of Spark's settings, which beats those noted before; false when it needs spark-submit.
set_spark() {
  if needs_spark_submit "$1"; then return 1; fi
  case $1 in
    spark.master) embedded_master=$2 ;;
    spark.driver.memory) memory=$2 ;;
  esac
  settings+=("-D$1=$2")
}

# set_from FILE: notes the settings of a properties file; false when that needs spark-submit or Java's rules for escapes.
set_from() {
  local line name blank=$' \t\f\r'
  while IFS= read -r line || [ -n "$line" ]; do
    line=${line#"${line%%[!$blank]*}"}
    line=${line%"${line##*[!$blank]}"}
    case $line in '' | '#'* | '!'*) continue ;; *\\*) return 1 ;; esac
    name=${line%%[=:$blank]*}
    line=${line#"$name"}
    line=${line#"${line%%[!$blank]*}"}
    line=${line#[=:]}
    set_spark "$name" "${line#"${line%%[!$blank]*}"}" || return 1
  done <"$1"
}

# embedded_command PROPERTIES OPTIONS... -- COMMAND ARGUMENTS...: puts the Java command into the array command, or is false
# when it takes spark-submit to do what the options ask for. The options' values are words of their own.
embedded_command() {
  local properties=$1 settings=() embedded_master= memory=${SPARK_DRIVER_MEMORY:-1g} own=() options=() given=
  shift
  if [ -n "${SPARK_HOME:-}${SPARK_CONF_DIR:-}${HADOOP_CONF_DIR:-}${YARN_CONF_DIR:-}${SPARK_DIST_CLASSPATH:-}" ]; then return 1; fi
  case ${SPARK_SUBMIT_OPTS:-} in *[\'\"\\*?[]*) return 1 ;; esac
  own=(${SPARK_SUBMIT_OPTS:-})
  set_from "$root/conf/spark-defaults.conf" || return 1
  if [ "$properties" != "$root/conf/spark-defaults.conf" ]; then set_from "$properties" || return 1; fi
  while [ "$1" != -- ]; do
    case $1 in
      --conf | -c)
        case $2 in *=*) set_spark "${2%%=*}" "${2#*=}" || return 1 ;; *) return 1 ;; esac
        ;;
      --master) given=$2 ;;
      --driver-memory) memory=$2 ;;
      --name) settings+=("-Dspark.app.name=$2") ;;
      --deploy-mode) ;;
      *) return 1 ;;
    esac
    shift 2
  done
  shift
  if [ -n "$given" ]; then settings+=("-Dspark.master=$given") embedded_master=$given; fi
  case $embedded_master in local | 'local['*) ;; *) return 1 ;; esac
  case " $* " in
    *://*) options=("@$root/conf/jvm.args") ;;
    ' inspect '* | ' export '* | *' --help '* | *' -h '* | *' --version '* | *' -V '*)
      # No Spark and no products of matrices: what starts fast, without modules and collectors of which nothing is used.
      options=(-XX:TieredStopAtLevel=1 -XX:+UseSerialGC)
      own=()
      ;;
    *) options=("@$root/conf/jvm.args") ;;
  esac
  find_java
  # When the archive does not fit to the JVM or the jars, the JVM does without; it need not say so.
  options+=("-XX:SharedArchiveFile=$(archive)" -Xlog:cds=off -Xlog:cds+dynamic=off)
  command=("$java" "${options[@]}" "-Xmx$memory" ${own[@]+"${own[@]}"} "${settings[@]}" -cp "$class_path" \
    io.firesteel.cli.Firesteel "$@")
}

# The archive of loaded classes for this Java.
archive() { echo "$root/target/start/java-$java_version.jsa"; }

# Makes the archive when there is none that is newer than the program: a process runs the commands, and the JVM writes down
# what it has loaded. One process makes it, others go on without; an empty file means that it cannot be made.
make_archive() {
  local file work directory=$root/target/start
  file=$(archive)
  if [ "$file" -nt "$root/target/firesteel.jar" ] || ! [ -w "$root/target" ]; then return; fi
  mkdir -p "$directory" || return 0
  (
    if command -v flock >/dev/null; then
      flock -n 9 || exit 0
      rm -rf "$directory"/making.*
    fi
    say "preparing fast starts (once for a build, some seconds)"
    work=$(mktemp -d "$directory/making.XXXXXX") || exit 0
    rehearse "$work" >"$directory/log" 2>&1 && [ -s "$work/archive" ] || : >"$work/archive"
    mv -f "$work/archive" "$file"
    rm -rf "$work"
  ) 9>"$directory/lock" || true
}

# Writes the archive of a process that runs the commands, and tries whether it can be used.
rehearse() {
  SPARK_LOCAL_IP=127.0.0.1 "$java" "@$root/conf/jvm.args" -XX:TieredStopAtLevel=1 -Xmx1g -Xlog:disable \
    -Dspark.ui.enabled=false "-Dspark.local.dir=$1" "-XX:ArchiveClassesAtExit=$1/archive" -cp "$class_path" \
    io.firesteel.cli.Rehearsal "$1/files" </dev/null &&
    "$java" -Xshare:on "-XX:SharedArchiveFile=$1/archive" -cp "$class_path" io.firesteel.cli.Firesteel --version
}
