#!/usr/bin/env bash
# Runs a Firesteel command on a standalone Spark cluster.
#
#   submit-scripts/standalone.sh spark://HOST:7077 [--dry-run] [SPARK-SUBMIT OPTIONS] COMMAND [ARGUMENTS]
#   submit-scripts/standalone.sh spark://HOST:7077 --total-executor-cores 16 --executor-memory 4g train ...
#   submit-scripts/standalone.sh spark://HOST:7077 --deploy-mode cluster --driver-memory 4g train --data hdfs://...
#
# The driver runs here (client mode), and the cluster's machines must be able to connect to this one: see Spark's
# spark.driver.host. With --deploy-mode cluster it runs on a worker: submit-scripts/spark-submit says what that means.
# All of the cluster's cores are used unless --total-executor-cores says how many; given, it also makes the run wait
# for them (conf/spark-defaults.conf). Settings for a cluster with authentication: conf/standalone.conf.
# submit-scripts/start-cluster.sh starts a cluster on this machine.
set -euo pipefail
# Also where a link to this script was called; older versions of macOS have no readlink -f.
here=$(dirname -- "$(readlink -f -- "${BASH_SOURCE[0]}" 2>/dev/null || printf %s "${BASH_SOURCE[0]}")")
. "$here/common.sh"

case ${1:-} in
  spark://?*) master=$1 ;;
  --help | -h) manual && exit ;;
  *) die "standalone.sh: expected the cluster's URL spark://HOST:PORT first, not '${1:-}'" 2 ;;
esac
shift
loopback=()
case $master in
  spark://127.0.0.1:* | spark://localhost:*)
    export SPARK_LOCAL_IP=${SPARK_LOCAL_IP:-127.0.0.1}
    loopback=(--conf spark.driver.host=127.0.0.1 --conf spark.driver.bindAddress=127.0.0.1)
    ;;
esac
exec "$root/submit-scripts/spark-submit" --master "$master" ${loopback[@]+"${loopback[@]}"} "$@"
