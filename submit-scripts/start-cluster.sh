#!/usr/bin/env bash
# Starts a standalone Spark cluster on this machine, on the loopback address only, and prints its URL; or, with --host,
# the part of a cluster that runs on this machine.
#
#   submit-scripts/start-cluster.sh [--properties-file FILE] WORKERS [CORES_PER_WORKER [MEMORY_PER_WORKER]]
#   submit-scripts/start-cluster.sh 2 4 8g
#
#   submit-scripts/start-cluster.sh --host HOST [--properties-file FILE] master
#   submit-scripts/start-cluster.sh --host HOST [--properties-file FILE] worker spark://MASTER:7077 [CORES [MEMORY]]
#
# HOST is the name or address by which the other machines reach this one. Firesteel and the files of properties are under the
# same path on all machines. A master that has died and is started again finds its workers and what runs on them.
#
# By default the workers share the machine's cores, and have 2g each. An executor takes 1g of its worker's memory
# unless --executor-memory says otherwise. The master's port is 7077, or FIRESTEEL_MASTER_PORT. Logs, process ids and
# the executors' folders are under target/cluster. End it with submit-scripts/stop-cluster.sh, on each machine.
# There is no authentication unless a properties file like conf/standalone.conf asks for it: everybody who can reach the
# master, and every user of this machine, can run programs on the cluster.
set -euo pipefail
# Also where a link to this script was called; older versions of macOS have no readlink -f.
here=$(dirname -- "$(readlink -f -- "${BASH_SOURCE[0]}" 2>/dev/null || printf %s "${BASH_SOURCE[0]}")")
. "$here/common.sh"
. "$here/cluster-common.sh"

is_count() { case $1 in '' | 0* | *[!0-9]*) return 1 ;; esac; }

settings=()
host=127.0.0.1
hosts= # whether this machine is one of several
while true; do
  case ${1:-} in
    --properties-file)
      [ -f "${2:-}" ] || die "--properties-file ${2:-}: no such file" 2
      settings=(--properties-file "$2")
      ;;
    --host)
      [ -n "${2:-}" ] || die "--host needs a value" 2
      host=$2 hosts=true
      ;;
    *) break ;;
  esac
  shift 2
done
port=${FIRESTEEL_MASTER_PORT:-7077}
url=spark://$host:$port
master=true workers=0
case $hosts:${1:-} in
  true:master) [ $# -eq 1 ] || usage ;;
  true:worker)
    master=false workers=1 url=${2:-}
    case $url in spark://?*:?*) ;; *) die "worker: expected the master's URL spark://HOST:PORT, not '$url'" 2 ;; esac
    shift
    ;;
  true:*) usage ;;
  *)
    workers=${1:-}
    is_count "$workers" || usage
    ;;
esac
[ $# -le 3 ] || usage
cores=$(($(getconf _NPROCESSORS_ONLN) / (workers > 0 ? workers : 1)))
cores=${2:-$((cores > 0 ? cores : 1))}
is_count "$cores" || usage
memory=${3:-2g}
case $memory in *[!0-9mMgG]* | [!1-9]* | *[0-9]) die "memory is a number with m or g, such as 2g, not '$memory'" 2 ;; esac

if $master; then starting=("$cluster"/master.pid); else starting=("$cluster"/worker-*.pid); fi
if [ -z "$hosts" ]; then starting=("$cluster"/*.pid); fi
for file in "${starting[@]}"; do
  if [ -e "$file" ] && ours "$file"; then
    die "a cluster is running already: submit-scripts/stop-cluster.sh ends it"
  fi
done

build
find_java
use_spark_home
mkdir -p "$cluster/work"
for file in "${starting[@]}"; do rm -f "$file" "${file%.pid}.log"; done
if [ -z "$hosts" ]; then rm -rf "$cluster/recovery" "$cluster"/*.log; fi

export SPARK_LOCAL_IP=$host # also where the web UIs listen
export SPARK_NO_DAEMONIZE=1 SPARK_DAEMON_MEMORY=${SPARK_DAEMON_MEMORY:-512m}
# The first marks the processes as ours; with the second a port in use is an error, not a reason to try the next;
# the third spares a port; with the others the master writes down what it knows, for one that is started after it has died.
export SPARK_DAEMON_JAVA_OPTS="\"$mark\" -Dspark.port.maxRetries=0 -Dspark.master.rest.enabled=false \
-Dspark.deploy.recoveryMode=FILESYSTEM \"-Dspark.deploy.recoveryDirectory=$cluster/recovery\" ${SPARK_DAEMON_JAVA_OPTS:-}"
# Spark's own log settings: start-up is followed in the logs.
export LOG4J_CONFIGURATION_FILE=classpath:org/apache/spark/log4j2-defaults.properties

# start NAME CLASS ARGS...
start() {
  local name=$1
  shift
  launch_command "$@"
  : >"$cluster/$name.log"
  nohup "${command[@]}" </dev/null >"$cluster/$name.log" 2>&1 &
  echo $! >"$cluster/$name.pid"
}

# wait_for NAME TEXT: until TEXT is in the process's log; a process that ends, or a minute, is a failure.
wait_for() {
  local name=$1 text=$2 tries=0
  until grep -q "$text" "$cluster/$name.log"; do
    tries=$((tries + 1))
    if [ $tries -gt 300 ] || ! ours "$cluster/$name.pid"; then
      tail -n 20 "$cluster/$name.log" >&2
      give_up
      die "the cluster's $name did not start; the end of target/cluster/$name.log is above"
    fi
    sleep 0.2
  done
}

if [ -z "$hosts" ]; then give_up() { stop_cluster; }; else give_up() { true; }; fi
trap 'give_up; exit 1' INT TERM HUP
if $master; then
  start master org.apache.spark.deploy.master.Master --host "$host" --port "$port" --webui-port 0 \
    ${settings[@]+"${settings[@]}"}
  wait_for master 'New state: ' # ALIVE, or RECOVERING when it was there before
fi
for ((i = 1; i <= workers; i++)); do
  start "worker-$i" org.apache.spark.deploy.worker.Worker --host "$host" --webui-port 0 \
    --cores "$cores" --memory "$memory" --work-dir "$cluster/work" ${settings[@]+"${settings[@]}"} "$url"
done
for ((i = 1; i <= workers; i++)); do
  wait_for "worker-$i" 'Successfully registered with master'
done
if [ "$workers" -gt 0 ]; then
  say "$workers worker(s) with $cores core(s) and $memory each; submit-scripts/stop-cluster.sh ends them"
fi
echo "$url"
