#!/usr/bin/env bash
# Ends what submit-scripts/start-cluster.sh started on this machine, and waits until its processes are gone.
#
#   submit-scripts/stop-cluster.sh
set -euo pipefail
# Also where a link to this script was called; older versions of macOS have no readlink -f.
here=$(dirname -- "$(readlink -f -- "${BASH_SOURCE[0]}" 2>/dev/null || printf %s "${BASH_SOURCE[0]}")")
. "$here/common.sh"
. "$here/cluster-common.sh"

[ $# -eq 0 ] || usage
stop_cluster
