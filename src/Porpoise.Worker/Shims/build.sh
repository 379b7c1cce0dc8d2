#!/bin/sh
# Builds shim-x64 from shim.c. Run it after a change of shim.c, with gcc on an x86-64 machine, and commit both.
set -eu
cd "$(dirname "$0")"
gcc -Os -static -nostdlib -nostartfiles -ffreestanding -fno-pic -no-pie -fno-stack-protector -fno-asynchronous-unwind-tables -fno-ident \
    -fcf-protection=none -Wall -Wextra -Werror -Wno-unused-function -s -Wl,--build-id=none -Wl,-z,norelro -Wl,-z,noseparate-code \
    -o "${1:-shim-x64}" shim.c
