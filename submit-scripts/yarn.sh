#!/usr/bin/env bash
# Runs a Firesteel command on a YARN cluster.
#
#   submit-scripts/yarn.sh [--dry-run] [SPARK-SUBMIT OPTIONS] COMMAND [ARGUMENTS]
#   submit-scripts/yarn.sh --properties-file conf/yarn.conf train --data hdfs:///data.csv --label y --model hdfs:///model
#   submit-scripts/yarn.sh --deploy-mode cluster --num-executors 4 --executor-cores 4 train ...
#
# The driver runs here (client mode), or on the cluster with --deploy-mode cluster: submit-scripts/spark-submit says
# what that means. SPARK_HOME must name a Spark 4.1 distribution (not when this was built by mvn -Pspark-3.5), and
# HADOOP_CONF_DIR or YARN_CONF_DIR the folder of the cluster's core-site.xml and yarn-site.xml.
set -euo pipefail
# Also where a link to this script was called; older versions of macOS have no readlink -f.
here=$(dirname -- "$(readlink -f -- "${BASH_SOURCE[0]}" 2>/dev/null || printf %s "${BASH_SOURCE[0]}")")
. "$here/common.sh"

case ${1:-} in --help | -h) manual && exit ;; esac
hadoop=${HADOOP_CONF_DIR:-${YARN_CONF_DIR:-}}
[ -n "$hadoop" ] || die "yarn.sh: set HADOOP_CONF_DIR or YARN_CONF_DIR to the folder of the cluster's yarn-site.xml" 2
[ -d "$hadoop" ] || die "yarn.sh: HADOOP_CONF_DIR or YARN_CONF_DIR is '$hadoop', which is no folder" 2
need_spark_module yarn YARN
exec "$root/submit-scripts/spark-submit" --master yarn "$@"
