#!/bin/bash
# The first minutes of a stranger, on as little as a machine can have: a fresh clone, an empty home, no variables. It finds what the machine of a developer
# hides: packages that are in a cache, folders in a home, settings in the environment. Says how many seconds each step took.
# Usage: tests/first-use/first-use.sh [REPOSITORY]
set -euo pipefail
repository=$(cd "${1:-$(dirname "$0")/../..}" && pwd)
place=$(mktemp -d)
home=$place/home clone=$place/home/porpoise data=$place/data
server=
finish() {
    [ -z "$server" ] || kill "$server" 2>/dev/null || true
    [ -z "$server" ] || wait "$server" || true
    rm -rf "$place"
}
trap finish EXIT
chmod 755 "$place" # the data folder is below it, and tasks are another user under root
mkdir -m 700 "$home"
mkdir -m 1777 "$place/tmp"

# How this machine reaches others, and where its .NET and Node are, belong to the machine. Nothing else is handed on.
way=(PATH="$(dirname "$(readlink -f "$(command -v dotnet)")"):$(dirname "$(readlink -f "$(command -v node)")"):/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin")
for name in http_proxy https_proxy no_proxy HTTP_PROXY HTTPS_PROXY NO_PROXY SSL_CERT_FILE SSL_CERT_DIR NODE_EXTRA_CA_CERTS; do
    [ -z "${!name-}" ] || way+=("$name=${!name}")
done
# Becomes the program, so that what is started in the background has the number that is known here.
become() { cd "$1" && shift && exec env -i HOME="$home" TMPDIR="$place/tmp" "${way[@]}" "$@"; }
clean() { (become "$@"); }

step() {
    local since name=$1
    shift
    echo "== $name: $*"
    since=$(date +%s)
    "$@"
    echo "$(($(date +%s) - since)) s: $name"
}

serve() {
    become "$clone" ./run serve --data "$data" --urls http://127.0.0.1:0 >"$place/serve.log" 2>&1 &
    server=$!
    until url=$(sed -n 's/^Porpoise is ready at \([^ ]*\) .*/\1/p' "$place/serve.log") && [ -n "$url" ]; do
        kill -0 "$server" || { cat "$place/serve.log"; return 1; }
        sleep 0.2
    done
}

stop() { kill "$server" && wait "$server" && server=; } # with exit code 0

# The blocks of the page, as they stand there, in a folder where ./data is the server's.
guide() {
    mkdir -p "$place/guide" "$place/bin"
    ln -s "$data" "$place/guide/data"
    printf '#!/bin/sh\nexec %s/artifacts/bin/Porpoise/release/porpoise "$@"\n' "$clone" >"$place/bin/porpoise"
    chmod 755 "$place/bin/porpoise"
    sed -n '/^```bash$/,/^```$/{/^```/!p}' "$clone/docs/guide/first-workflow.md" >"$place/commands"
    way[0]="PATH=$place/bin:${way[0]#PATH=}"
    clean "$place/guide" PORPOISE_ENDPOINT="$url" bash -euxo pipefail "$place/commands" | tee "$place/guide.log"
    grep -q 'Berlin: between' "$place/guide.log"
}

step clone git clone --quiet "file://$repository" "$clone"
step demo clean "$clone" ./run demo
step serve serve
step guide guide
step stop stop
step "demo again" clean "$clone" ./run demo
echo "first use: done"
