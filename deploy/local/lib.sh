# deploy/local/lib.sh: what the scripts of the local stack share: where things are, which ports, how progress is told.
# Sourced, not run. GONGGU_STACK picks the stack: "run" (make run) or "test" (make test); both may be up at once.

ROOT=$(cd "$(dirname "${BASH_SOURCE[0]}")/../.." && pwd)
STACK=${GONGGU_STACK:-run}
case $STACK in
run) DATA=$ROOT/.run GATEWAY_PORT=8080 ;;
test) DATA=$ROOT/.test GATEWAY_PORT=18080 ;;
bench) DATA=$ROOT/.bench GATEWAY_PORT=28080 ;;
*) echo "GONGGU_STACK is run, test or bench, not '$STACK'" >&2 && exit 2 ;;
esac
# Another checkout on this machine takes other ports: the gateway's, and the hundred from there on plus 20.
GATEWAY_PORT=${GONGGU_BASE_PORT:-$GATEWAY_PORT} BASE=$((${GONGGU_BASE_PORT:-$GATEWAY_PORT} + 20))
GATEWAY=http://127.0.0.1:$GATEWAY_PORT
DB_PORT=$((BASE + 1)) REDIS_PORT=$((BASE + 2)) KAFKA_PORT=$((BASE + 3)) KAFKA_CONTROLLER_PORT=$((BASE + 4))
SANDBOX_PORT=$((BASE + 5)) SANDBOX=http://127.0.0.1:$((BASE + 5)) SANDBOX_PUSH_PORT=$((BASE + 6))
BIN=${GONGGU_BIN:-$ROOT/build/bin}
CACHE=$ROOT/.cache
KAFKA_LIB=$CACHE/kafka/lib

# Node: the machine's if it is new enough, else the one deploy/local/deps put here.
[[ -x $CACHE/node/bin/node ]] && PATH=$CACHE/node/bin:$PATH

# Unix sockets may not be longer than 107 bytes; a deep checkout gets a short folder of its own.
SOCK=$DATA/sock
if ((${#SOCK} > 80)); then
    SOCK=/tmp/gonggu-$(id -u)-$(cksum <<<"$DATA" | cut -d' ' -f1)
fi

# The services there are (a folder with a main.c). The first five keep their ports whatever is added.
services() {
    local s
    for s in auth deal pay chat push; do
        [[ -f $ROOT/services/$s/main.c ]] && echo "$s"
    done
    for s in "$ROOT"/services/*/main.c; do
        s=$(basename "$(dirname "$s")")
        [[ " auth deal pay chat push * " == *" $s "* ]] || echo "$s"
    done
}
# Those of them that are built.
built() {
    local s
    for s in $(services); do
        if [[ -x $BIN/gonggu-$s ]]; then echo "$s"; fi
    done
}
# service_port NAME INSTANCE: ten ports for each service.
service_port() {
    local i=1 s
    for s in $(services); do
        [[ $s == "$1" ]] && echo $((BASE + 10 * i + $2)) && return
        i=$((i + 1))
    done
}

# ---- progress ------------------------------------------------------------------------------------------------------
if [[ -t 1 && -z ${NO_COLOR:-} ]]; then
    BOLD=$'\e[1m' RED=$'\e[31m' GREEN=$'\e[32m' PLAIN=$'\e[0m'
else
    BOLD='' RED='' GREEN='' PLAIN=''
fi
say() { echo "${BOLD}==>${PLAIN} $*"; }
fail() {
    echo "${RED}error:${PLAIN} $*" >&2
    exit 1
}
# step LABEL COMMAND...: one line per step, seconds when it took more than two; the output only when it fails.
step() {
    local label=$1 began=$SECONDS out code=0 beat
    shift
    out=$(mktemp)
    printf '  %-46s' "$label"
    # A long step is seen to be alive. The sleep outlives its shell for a moment: it must hold no pipe and no lock.
    (while sleep 5 >/dev/null 2>&1 8>&- 9>&-; do printf '.'; done) & beat=$!
    (set -e; "$@") >"$out" 2>&1 </dev/null || code=$?
    kill "$beat" && wait "$beat" 2>/dev/null
    if ((code != 0)); then
        echo " ${RED}failed${PLAIN} after $((SECONDS - began)) s"
        tail -n 40 "$out" | sed 's/^/    | /'
        rm -f "$out"
        return "$code"
    fi
    if ((SECONDS - began > 2)); then echo " ${GREEN}ok${PLAIN} $((SECONDS - began)) s"; else echo " ${GREEN}ok${PLAIN}"; fi
    rm -f "$out"
}
# until_true SECONDS COMMAND...: tries ten times a second.
until_true() {
    local end=$((SECONDS + $1))
    shift
    until "$@" >/dev/null 2>&1; do
        ((SECONDS < end)) || return 1
        sleep 0.1
    done
}
